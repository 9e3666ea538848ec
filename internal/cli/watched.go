package cli

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
)

// watchedFile is a file whose reading shows on a bar.
type watchedFile struct {
	*os.File
	bar *progressbar.ProgressBar
}

func (f watchedFile) Read(into []byte) (int, error) {
	n, err := f.File.Read(into)
	_ = f.bar.Add(n)
	return n, err
}

func (f watchedFile) ReadAt(into []byte, at int64) (int, error) {
	n, err := f.File.ReadAt(into, at)
	_ = f.bar.Add(n)
	return n, err
}

// slowFile is the size of a file from which reading it takes a time that people notice.
const slowFile = 10e6

// watched shows on a terminal how much of a big file has been read, until done is called.
func (s *session) watched(r io.Reader) (watched io.Reader, done func()) {
	f, ok := r.(*os.File)
	if !ok {
		return r, func() {}
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() < slowFile {
		return r, func() {}
	}
	bar := s.progress(int(info.Size()), "reading")
	return watchedFile{f, bar}, func() { _ = bar.Finish() }
}
