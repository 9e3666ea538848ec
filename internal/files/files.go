// Package files writes files that are whole or not there at all, whenever the process or the
// machine stops.
package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/renameio/v2"
)

// Write writes a file, which replaces an earlier one only once it is whole and on the disk.
func Write(path string, write func(io.Writer) error) error {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	d, err := NewDraft(path, text.Bytes())
	if err != nil {
		return err
	}
	return d.Keep()
}

// Draft is the new content of a file, on the disk under a name of its own until Keep or Drop.
type Draft struct {
	path    string
	pending *renameio.PendingFile
}

// NewDraft writes the new content of a file beside it and leaves the file as it is. What does
// not fit the disk is found out here.
func NewDraft(path string, text []byte) (*Draft, error) {
	d, err := open(path)
	if err != nil {
		return nil, failure(path, err)
	}
	_, err = d.pending.Write(text)
	if err == nil {
		err = d.pending.Sync()
	}
	if err != nil {
		d.Drop()
		return nil, failure(path, err)
	}
	return d, nil
}

// Keep puts the draft in the file's place.
func (d *Draft) Keep() error {
	if err := d.end((*renameio.PendingFile).CloseAtomicallyReplace); err != nil {
		d.Drop()
		return failure(d.path, err)
	}
	return nil
}

// Drop removes the draft; after Keep it does nothing.
func (d *Draft) Drop() {
	_ = d.end((*renameio.PendingFile).Cleanup) // what stays does no harm
}

// Writable tells, by an error, that Write could not write to path: its folder takes no new
// file, or there is something else than a regular file in its place. It leaves nothing behind.
func Writable(path string) error {
	if there, err := os.Lstat(path); err == nil && !there.Mode().IsRegular() {
		return fmt.Errorf("files: %s: expected a regular file or none, found %s", path, kind(there.Mode()))
	}
	d, err := open(path)
	if err != nil {
		return fmt.Errorf("files: %s: expected a place to write to, found: %w", path, Reason(err))
	}
	d.Drop()
	return nil
}

// kind names what is no regular file.
func kind(mode fs.FileMode) string {
	switch mode.Type() {
	case fs.ModeDir:
		return "a folder"
	case fs.ModeSymlink:
		return "a symbolic link"
	}
	return "a device or the like"
}

func failure(path string, err error) error {
	return fmt.Errorf("files: writing %s: %w", path, Reason(err))
}

// Reason is an error of the system without the name of a file: messages name it already, or it is
// that of a draft, which helps nobody.
func Reason(err error) error {
	var at *os.PathError
	var from *os.LinkError
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &from):
		return from.Err
	}
	return err
}

// drafts are those on the disk.
var drafts = struct {
	sync.Mutex
	open      map[*Draft]bool
	abandoned bool
}{open: map[*Draft]bool{}}

var errAbandoned = errors.New("the program is ending")

// Abandon removes the drafts that are on the disk, and lets no other be written or kept: for
// a program that ends in the midst of its work.
func Abandon() {
	drafts.Lock()
	defer drafts.Unlock()
	drafts.abandoned = true
	for d := range drafts.open {
		_ = d.pending.Cleanup()
	}
}

func open(path string) (*Draft, error) {
	drafts.Lock()
	defer drafts.Unlock()
	if drafts.abandoned {
		return nil, errAbandoned
	}
	const readable = 0o644
	pending, err := renameio.NewPendingFile(path, renameio.WithPermissions(readable),
		renameio.WithExistingPermissions(), renameio.WithTempDir(filepath.Dir(path)))
	if err != nil {
		return nil, err
	}
	d := &Draft{path, pending}
	drafts.open[d] = true
	return d, nil
}

// end finishes with the draft, so that Abandon need not.
func (d *Draft) end(how func(*renameio.PendingFile) error) error {
	drafts.Lock()
	defer drafts.Unlock()
	if drafts.abandoned {
		return errAbandoned
	}
	err := how(d.pending)
	if err == nil {
		delete(drafts.open, d)
	}
	return err
}
