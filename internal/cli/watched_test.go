package cli

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Reading a big file is watched, byte by byte of it; a small one, or what is no file, is left alone.
func TestWatched(t *testing.T) {
	s := &session{commands: &commands{}}
	open := func(size int64) *os.File {
		path := filepath.Join(t.TempDir(), "table")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	big := open(2 * slowFile)
	r, done := s.watched(big)
	f, ok := r.(watchedFile)
	if !ok {
		t.Fatalf("a file of %g bytes is not watched", 2*slowFile)
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(f, 1e6)); n != 1e6 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := f.ReadAt(make([]byte, 1000), 0); err != nil {
		t.Fatal(err)
	}
	if seen := f.bar.State().CurrentBytes; seen != 1e6+1000 {
		t.Errorf("%v bytes were seen", seen)
	}
	done()
	for _, r := range []io.Reader{open(100), io.LimitReader(big, 1)} {
		if same, _ := s.watched(r); same != r {
			t.Errorf("%T is watched", r)
		}
	}
}
