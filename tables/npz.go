package tables

import (
	"archive/zip"
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"strings"

	"contrastcheck/gmm"
)

// zipMagic begins archives, and so NumPy's files of several arrays.
const zipMagic = "PK\x03\x04"

// random is a source that can be read at any place.
type random interface {
	io.ReaderAt
	Stat() (fs.FileInfo, error)
}

// anywhere returns a source to be read at any place, and its size: itself if it is a file, else all of what is left in a reader.
func anywhere(r io.Reader, left *bufio.Reader) (io.ReaderAt, int64, error) {
	if n := size(r); n > 0 {
		return r.(random), n, nil
	}
	text, err := io.ReadAll(left)
	return bytes.NewReader(text), int64(len(text)), err
}

// size is that of a regular file; 0 for other sources.
func size(r io.Reader) int64 {
	if f, ok := r.(random); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// readNPZ reads the only matrix of an archive, or the one named X, and labels from an array of Options.Labels' name, or a file.
func (t *Table) readNPZ(at io.ReaderAt, size int64, o Options) error {
	archive, err := zip.NewReader(at, size)
	if err != nil {
		return &gmm.InputError{Expected: "an .npz archive", Found: strings.TrimPrefix(err.Error(), "zip: "), Reason: gmm.ErrSyntax}
	}
	var of *labels
	var matrices, others []*zip.File
	for _, f := range archive.File {
		name := keyOf(f)
		if o.LabelsOf == nil && name == o.Labels && of == nil {
			of = &labels{source: "array " + name}
			err := withArray(f, o, func(r *bufio.Reader) (err error) { of.of, err = readNPYLabels(r); return err })
			if err != nil {
				return of.refusal(err)
			}
			continue
		}
		matrix := false
		err := withArray(f, o, func(r *bufio.Reader) error {
			a, err := readNPY(r)
			matrix = err == nil && a.matrix()
			return err
		})
		if err == nil && matrix {
			matrices = append(matrices, f)
		} else {
			others = append(others, f)
		}
	}
	chosen, err := matrixOf(matrices, others)
	if err != nil {
		return err
	}
	if of == nil {
		if of, err = o.readLabels(); err != nil {
			if refusal, ok := err.(*gmm.InputError); ok && len(others) > 0 {
				refusal.Expected += ", or one of the archive's arrays " + keysOf(others)
			}
			return err
		}
	}
	return withArray(chosen, o, func(r *bufio.Reader) error {
		a, err := readNPY(r)
		if err != nil {
			return err
		}
		return t.readMatrix(a, of, int64(chosen.UncompressedSize64), o)
	})
}

// matrixOf chooses the table of an archive.
func matrixOf(matrices, others []*zip.File) (*zip.File, error) {
	for _, f := range matrices {
		if name := keyOf(f); len(matrices) == 1 || name == "X" {
			return f, nil
		}
	}
	refusal := &gmm.InputError{Key: "arrays", Expected: "one matrix of numbers, or one named X", Found: "none", Reason: gmm.ErrShape}
	if len(matrices) > 1 {
		refusal.Found = keysOf(matrices)
	} else if len(others) > 0 {
		refusal.Found = keysOf(others) + ", which are none"
	}
	return nil, refusal
}

// keyOf is the name of an array in an archive.
func keyOf(f *zip.File) string { return strings.TrimSuffix(f.Name, ".npy") }

func keysOf(files []*zip.File) string {
	var names []string
	for _, f := range files {
		names = append(names, keyOf(f))
	}
	return strings.Join(names, ", ")
}

// withArray reads a file of an archive, of which at most the limit is believed.
func withArray(f *zip.File, o Options, read func(r *bufio.Reader) error) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return read(bufio.NewReaderSize(metered(r, o.Limit), bufferSize))
}
