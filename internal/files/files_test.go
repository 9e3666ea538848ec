package files

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func write(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

// holds tells that a folder has one file, file, with a content.
func holds(t *testing.T, folder, content string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	text, failure := os.ReadFile(filepath.Join(folder, "file"))
	if err != nil || failure != nil || len(entries) != 1 || string(text) != content {
		t.Errorf("the folder holds %v (%v), the file %q (%v), want %q alone", entries, err, text, failure, content)
	}
}

// A file changes once it is whole, and drafts leave nothing behind.
func TestDrafts(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	if err := Write(path, write("first")); err != nil {
		t.Fatal(err)
	}
	holds(t, folder, "first")
	if err := Write(path, func(w io.Writer) error { return errors.Join(write("half")(w), io.ErrShortWrite) }); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a failed write ends with %v", err)
	}
	holds(t, folder, "first")
	d, err := NewDraft(path, []byte("second"))
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); string(text) != "first" {
		t.Errorf("a draft has changed the file to %q", text)
	}
	d.Drop()
	holds(t, folder, "first")
	if d, err = NewDraft(path, []byte("third")); err == nil {
		err = d.Keep()
	}
	d.Drop()
	if err != nil {
		t.Error(err)
	}
	holds(t, folder, "third")
}

// A program that ends in the midst leaves no drafts, and what goes on in the background writes no more.
func TestAbandon(t *testing.T) {
	defer func() { drafts.abandoned = false }()
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	if err := Write(path, write("first")); err != nil {
		t.Fatal(err)
	}
	d, err := NewDraft(path, []byte("second"))
	if err != nil {
		t.Fatal(err)
	}
	Abandon()
	holds(t, folder, "first")
	if err := d.Keep(); !errors.Is(err, errAbandoned) {
		t.Errorf("an abandoned draft is kept: %v", err)
	}
	if err := Write(path, write("third")); !errors.Is(err, errAbandoned) {
		t.Errorf("written after all: %v", err)
	}
	holds(t, folder, "first")
}

func TestWritable(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	if err := errors.Join(Writable(path), Write(path, write("first")), Writable(path)); err != nil {
		t.Error(err)
	}
	holds(t, folder, "first")
	for _, bad := range []string{folder, filepath.Join(path, "x"), filepath.Join(folder, "none", "x"), os.DevNull} {
		if Writable(bad) == nil {
			t.Errorf("%s is writable", bad)
		}
	}
}
