package tables

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"
)

// npy is the text of an NPY file of a type, as NumPy's format says (NEP 1), its header included.
func npy(version byte, descr, fortran, shape string, elements any) []byte {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, fortran, shape)
	var order binary.ByteOrder = binary.LittleEndian
	if descr[0] == '>' {
		order = binary.BigEndian
	}
	out := append([]byte(npyMagic), version, 0)
	lengthBytes := 2
	if version > 1 {
		lengthBytes = 4
	}
	for (len(out)+lengthBytes+len(header)+1)%64 != 0 {
		header += " "
	}
	header += "\n"
	if version > 1 {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(header)))
	} else {
		out = binary.LittleEndian.AppendUint16(out, uint16(len(header)))
	}
	out = append(out, header...)
	out, err := binary.Append(out, order, elements)
	if err != nil {
		panic(err)
	}
	return out
}

// fileNamed serves one file to Options.Open.
func fileNamed(name string, text []byte) func(string) (io.ReadCloser, error) {
	return func(asked string) (io.ReadCloser, error) {
		if asked != name {
			return nil, &os.PathError{Op: "open", Path: asked, Err: os.ErrNotExist}
		}
		return io.NopCloser(bytes.NewReader(text)), nil
	}
}

// shown is a table in short.
func shown(t *Table) string {
	return fmt.Sprint(t.Columns, t.Classes, t.Class, t.Rows(t.All()).RawMatrix().Data)
}

const want = "[1 2] [a b] [0 1 1] [1 2 3 4 5 0]"

func TestReadNPY(t *testing.T) {
	lines := fileNamed("y.txt", []byte("a\nb\r\nb\n"))
	halves := []uint16{0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0}
	for _, c := range []struct {
		descr, fortran string
		elements       any
	}{
		{"<f8", "False", []float64{1, 2, 3, 4, 5, 0}}, {">f8", "False", []float64{1, 2, 3, 4, 5, 0}}, {"<f4", "False", []float32{1, 2, 3, 4, 5, 0}}, {"<f2", "False", halves},
		{">i8", "False", []int64{1, 2, 3, 4, 5, 0}}, {"<u4", "False", []uint32{1, 2, 3, 4, 5, 0}}, {"|i1", "False", []int8{1, 2, 3, 4, 5, 0}}, {"|u1", "False", []uint8{1, 2, 3, 4, 5, 0}},
		{"<f8", "True", []float64{1, 3, 5, 2, 4, 0}}, {"<f4", "True", []float32{1, 3, 5, 2, 4, 0}},
	} {
		for version := byte(1); version <= 3; version++ {
			table, err := Read("x.npy", bytes.NewReader(npy(version, c.descr, c.fortran, "(3, 2)", c.elements)), Options{Labels: "y.txt", Open: lines})
			if err != nil || shown(table) != want {
				t.Errorf("%s, Fortran order %s, version %d: %v, %v", c.descr, c.fortran, version, table, err)
			}
		}
	}
	negative, err := Read("x.npy", bytes.NewReader(npy(1, "<i2", "False", "(3, 1)", []int16{-1, -32768, 7})), Options{Labels: "y.txt", Open: lines})
	if err != nil || shown(negative) != "[1] [a b] [0 1 1] [-1 -32768 7]" {
		t.Errorf("negative numbers: %v", err)
	}
	wide := func(labels ...string) (runes []uint32) {
		for _, l := range labels {
			for i := range 3 {
				runes = append(runes, 0)
				if r := []rune(l); i < len(r) {
					runes[len(runes)-1] = uint32(r[i])
				}
			}
		}
		return runes
	}
	for name, text := range map[string][]byte{
		"strings":   npy(1, "<U3", "False", "(3,)", wide("é", "ab", "ab")),
		"bytes":     npy(1, "|S2", "False", "(3,)", []byte("\xc3\xa9abab")),
		"integers":  npy(1, "<i8", "False", "(3,)", []int64{-1, 7, 7}),
		"a column":  npy(1, "<i4", "False", "(3, 1)", []int32{-1, 7, 7}),
		"booleans":  npy(1, "|b1", "False", "(3,)", []uint8{0, 1, 1}),
		"text":      []byte("\ufeffone, two\nthree\nthree"),
		"gzip text": zipped([]byte("one\ntwo\ntwo\n")),
	} {
		classes := map[string]string{"strings": "[é ab]", "bytes": "[é ab]", "integers": "[-1 7]", "a column": "[-1 7]", "booleans": "[0 1]", "text": "[one, two three]", "gzip text": "[one two]"}[name]
		table, err := Read("x.npy", bytes.NewReader(npy(1, "<i2", "False", "(3, 1)", []int16{-1, -32768, 7})), Options{Labels: "y", Open: fileNamed("y", text)})
		if err != nil || fmt.Sprint(table.Classes) != classes {
			t.Errorf("labels as %s: %v, want %s", name, err, classes)
		}
	}
}

func zipped(text []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(text); err != nil {
		panic(err)
	}
	w.Close()
	return out.Bytes()
}

func archive(files map[string][]byte, names ...string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		f, err := w.Create(name + ".npy")
		if err == nil {
			_, err = f.Write(files[name])
		}
		if err != nil {
			panic(err)
		}
	}
	w.Close()
	return out.Bytes()
}

func TestReadNPZ(t *testing.T) {
	files := map[string][]byte{"X": npy(1, "<f4", "False", "(3, 2)", []float32{1, 2, 3, 4, 5, 0}), "y": npy(1, "|S1", "False", "(3,)", []byte("abb")),
		"Z": npy(1, "<f8", "False", "(2, 2)", []float64{9, 9, 9, 9})}
	path := filepath.Join(t.TempDir(), "t.npz")
	if err := os.WriteFile(path, archive(files, "y", "Z", "X"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, source := range map[string]io.Reader{"a file": f, "a stream": bytes.NewReader(archive(files, "X", "y")), "gzip": bytes.NewReader(zipped(archive(files, "X", "y")))} {
		if table, err := Read("t.npz", source, Options{Labels: "y"}); err != nil || shown(table) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	table, err := Read("t.npz", bytes.NewReader(archive(files, "X")), Options{Labels: "y.txt", Open: fileNamed("y.txt", []byte("a\nb\nb\n"))})
	if err != nil || shown(table) != want {
		t.Errorf("labels in a file: %v", err)
	}
	for name, c := range map[string]struct{ names, labels, expect string }{
		"no such labels": {"X y", "z", "arrays y"}, "two matrices": {"Z W", "y", "found Z, W"}, "no matrix": {"y w", "y", "found w, which are none"}, "labels of another length": {"Z y", "y", "array y: expected 2 labels"},
	} {
		files["W"], files["w"] = files["Z"], files["y"]
		_, err := Read("t.npz", bytes.NewReader(archive(files, strings.Fields(c.names)...)), Options{Labels: c.labels, Open: fileNamed("none", nil)})
		if err == nil || !strings.Contains(err.Error(), c.expect) {
			t.Errorf("%s: %v, want %q", name, err, c.expect)
		}
	}
}

// What a header promises is not believed: of files that lie, no more is allocated than a buffer or two.
func TestLyingNPYHeaders(t *testing.T) {
	labels := fileNamed("y", []byte("a\nb\n"))
	lies := map[string][]byte{
		"rows":       npy(1, "<f8", "False", "(1000000000, 2)", []float64{1, 2}),
		"columns":    npy(1, "<f8", "False", "(2, 1000000000)", []float64{1, 2}),
		"wide":       npy(1, "<f8", "False", "(2, 5000000)", []float64{1, 2}),
		"more":       npy(1, "<f8", "False", "(99999999999999999999, 2)", []float64{1, 2}),
		"product":    npy(1, "<f8", "False", "(4294967296, 4294967296)", []float64{1, 2}),
		"negative":   npy(1, "<f8", "False", "(-1, 2)", []float64{1, 2}),
		"fortran":    npy(1, "<f8", "True", "(2, 60000)", []float64{1, 2}),
		"few":        npy(1, "<f8", "False", "(2, 60000)", []float64{1, 2}),
		"header":     append([]byte(npyMagic), 2, 0, 0xff, 0xff, 0xff, 0xff, '{'),
		"empty":      npy(1, "<f8", "False", "(0, 2)", []float64{}),
		"no columns": npy(1, "<f8", "False", "(2, 0)", []float64{}),
		"objects":    npy(1, "|O", "False", "(2, 1)", []float64{}),
		"size":       npy(1, "<f9", "False", "(2, 1)", []float64{}),
		"record":     []byte(npyMagic + "\x01\x00\x30\x00{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)}"),
		"vector":     npy(1, "<f8", "False", "(2,)", []float64{1, 2}),
		"cube":       npy(1, "<f8", "False", "(2, 1, 1)", []float64{1, 2}),
		"strings":    npy(1, "<U1", "False", "(2, 1)", []uint32{65, 66}),
		"magic":      []byte(npyMagic),
	}
	path := filepath.Join(t.TempDir(), "x.npy")
	for name, text := range lies {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, stream := range []bool{true, false} {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			var source io.Reader = f
			if stream {
				source = bytes.NewReader(text)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err = Read("x.npy", source, Options{Labels: "y", Open: labels})
			runtime.ReadMemStats(&after)
			f.Close()
			var refusal *gmm.InputError
			if !errors.As(err, &refusal) || refusal.Source != "x.npy" {
				t.Errorf("%s: %v", name, err)
			}
			const most = 32 << 20 // names and numbers of 60,000 columns take some 15 MB
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > most {
				t.Errorf("%s: %d bytes were allocated for a file of %d", name, allocated, len(text))
			}
		}
	}
}

func TestMissing(t *testing.T) {
	csv := "x,y,class\n1,2,a\n,3,a\nNA,3,a\n3,4,b\n1,2,\n5,0,b\n"
	nan := math.NaN()
	matrix := npy(1, "<f8", "False", "(6, 2)", []float64{1, 2, nan, 3, 2, nan, 3, 4, nan, nan, 5, 0})
	labels := fileNamed("y", []byte("a\na\na\nb\nb\nb\n"))
	for _, c := range []struct {
		text    []byte
		o       Options
		missing string
	}{{[]byte(csv), Options{Label: "class"}, `line 3, column "x"`}, {matrix, Options{Labels: "y", Open: labels}, `row 2, column "1"`}} {
		if _, err := Read("t", bytes.NewReader(c.text), c.o); err == nil || !strings.Contains(err.Error(), c.missing) || !strings.Contains(err.Error(), "--missing drop") {
			t.Errorf("%v", err)
		}
		c.o.DropMissing = true
		table, err := Read("t", bytes.NewReader(c.text), c.o)
		if err != nil || table.Missing != 3 || fmt.Sprint(table.Class, table.Rows(table.All()).RawMatrix().Data) != "[0 1 1] [1 2 3 4 5 0]" {
			t.Errorf("%v, %v", table, err)
		}
	}
	if _, err := Read("t", strings.NewReader("x,class\n,a\n"), Options{Label: "class", DropMissing: true}); !errors.Is(err, gmm.ErrShape) || !strings.Contains(err.Error(), "beside 1 with one") {
		t.Errorf("nothing is left: %v", err)
	}
}

// A table that CSV and NPY hold alike is read alike, small or big, whatever the columns that are dropped.
func TestFormatsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(1, 30).Draw(t, "n"), rapid.IntRange(2, 5).Draw(t, "d")
		var x []float64
		var text, labels strings.Builder
		for i := range n {
			for range d {
				v := float64(rapid.IntRange(-1<<20, 1<<20).Draw(t, "x")) / 64
				x = append(x, v)
				fmt.Fprintf(&text, "%v;", v)
			}
			fmt.Fprintf(&text, "k%d\r\n", i%3)
			fmt.Fprintf(&labels, "k%d\n", i%3)
		}
		drop := []string{fmt.Sprint(rapid.IntRange(1, d).Draw(t, "drop"))}
		open := fileNamed("y", []byte(labels.String()))
		one, err := Read("t", strings.NewReader(text.String()), Options{NoHeader: true, Label: fmt.Sprint(d + 1), Drop: drop})
		if err != nil {
			t.Fatal(err)
		}
		two, err := Read("t", bytes.NewReader(npy(1, "<f8", "False", fmt.Sprintf("(%d, %d)", n, d), x)), Options{Labels: "y", Open: open, Drop: drop})
		if err != nil {
			t.Fatal(err)
		}
		if shown(one) != shown(two) || len(one.Columns) != d-1 {
			t.Fatalf("%s\n%s", shown(one), shown(two))
		}
	})
}

func TestReadParquet(t *testing.T) {
	type row struct {
		ID        string    `parquet:"id"`
		X         float64   `parquet:"x"`
		N         int32     `parquet:"n"`
		U         *uint16   `parquet:"u,optional"`
		Embedding []float32 `parquet:"embedding,list"`
		Index     int64     `parquet:"__index_level_0__"`
		Class     string    `parquet:"class,dict,zstd"`
	}
	u := uint16(65535)
	rows := []row{{"p", 0.5, -1, &u, []float32{1, 2}, 0, "a"}, {"q", 1.5, 2, nil, []float32{3, 4}, 1, "b"}, {"r", 2.5, 3, &u, []float32{5, 6}, 2, "b"}}
	file := func(rows []row) []byte {
		var out bytes.Buffer
		if err := parquet.Write(&out, rows); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	read := func(text []byte, o Options) (*Table, error) { return Read("t.parquet", bytes.NewReader(text), o) }
	o := Options{Label: "class", Drop: []string{"id"}}
	for _, c := range []struct {
		name, expect string
		rows         []row
		o            Options
	}{
		{"strings", `column "id": expected numbers (--drop id leaves the column out)`, rows, Options{Label: "class"}},
		{"missing", `row 2, column "u": expected a number`, rows, o},
		{"no such label", `header: expected a column named "species"`, rows, Options{Label: "species"}},
		{"lists of other lengths", `row 2, column "embedding": expected 2 numbers, as in the first row, found 1`, []row{rows[0], {"q", 1, 2, &u, []float32{1}, 1, "b"}}, o},
		{"list of labels", "expected one label in each row", rows, Options{Label: "embedding", Drop: []string{"id", "class"}}},
		{"no rows", "at least one sample", nil, o},
	} {
		if _, err := read(file(c.rows), c.o); err == nil || !strings.Contains(err.Error(), c.expect) {
			t.Errorf("%s: %v, want %q", c.name, err, c.expect)
		}
	}
	o.DropMissing = true
	table, err := read(file(rows), o)
	if want := "[x n u embedding[1] embedding[2]] [a b] [0 1] [0.5 -1 65535 1 2 2.5 3 65535 5 6]"; err != nil || shown(table) != want || table.Missing != 1 {
		t.Errorf("%v, want %s", err, want)
	}
	apart, err := read(file(rows), Options{Labels: "y", Open: fileNamed("y", []byte("k\nl\nl\n")), Drop: []string{"id", "class", "u"}})
	if err != nil || fmt.Sprint(apart.Classes, apart.Class) != "[k l] [0 1 1]" {
		t.Errorf("labels apart: %v", err)
	}
	whole := file(rows)
	for cut := range len(whole) {
		if _, err := read(whole[:cut], o); err == nil {
			t.Fatalf("%d of %d bytes are read as a table", cut, len(whole))
		}
	}
}
