package tables

import (
	"bytes"
	"errors"
	"fmt"
	"runtime/debug"
	"testing"

	"contrastcheck/gmm"

	"github.com/parquet-go/parquet-go"
)

// checkRead reads what a fuzzer made: it is a table whose shapes agree, or a refusal that says what was expected.
func checkRead(t *testing.T, text []byte, o Options) {
	o.Limit = 0.01
	o.Open = fileNamed("y", []byte("a\nb\nb\n"))
	table, err := Read("fuzz", bytes.NewReader(text), o)
	if err != nil {
		var input *gmm.InputError
		if !errors.As(err, &input) || input.Expected == "" || input.Source != "fuzz" {
			t.Fatalf("%v is not an InputError that names the source and says what was expected", err)
		}
		return
	}
	n, d := table.Rows(table.All()).Dims()
	if n != len(table.Class) || d != len(table.Columns) || n == 0 {
		t.Fatalf("%d samples of %d columns, %d labels and %d names", n, d, len(table.Class), len(table.Columns))
	}
	for _, k := range table.Class {
		if k < 0 || k >= len(table.Classes) {
			t.Fatalf("class %d of %d", k, len(table.Classes))
		}
	}
}

func FuzzNPY(f *testing.F) {
	for _, descr := range []string{"<f8", ">f4", "<i2", "|u1", "<f2", "<U2", "|O"} {
		for _, fortran := range []string{"False", "True"} {
			f.Add(npy(1, descr, fortran, "(3, 2)", []float64{1, 2, 3, 4, 5, 6}))
		}
	}
	f.Add(npy(2, "<f8", "False", "(99999999999, 2)", []float64{1, 2}))
	f.Add(npy(3, "<f8", "False", "(2, 60000)", []float64{1, 2}))
	f.Add(archive(map[string][]byte{"X": npy(1, "<f4", "False", "(3, 1)", []float32{1, 2, 3}), "y": npy(1, "|S1", "False", "(3,)", []byte("abb"))}, "X", "y"))
	f.Fuzz(func(t *testing.T, text []byte) {
		checkRead(t, text, Options{Labels: "y"})
		checkRead(t, text, Options{Labels: "y", DropMissing: true, Drop: []string{"1"}})
		if _, err := (Options{Limit: 0.01, Labels: "y", Open: fileNamed("y", text)}).readLabels(); err != nil && !errors.As(err, new(*gmm.InputError)) {
			t.Fatalf("labels: %v", err)
		}
	})
}

func FuzzParquet(f *testing.F) {
	type row struct {
		X     float64   `parquet:"x"`
		List  []float32 `parquet:"list,list"`
		N     *int64    `parquet:"n,optional"`
		Class string    `parquet:"class,dict"`
	}
	n := int64(7)
	var text bytes.Buffer
	if err := parquet.Write(&text, []row{{1, []float32{1, 2}, &n, "a"}, {2, []float32{3, 4}, &n, "b"}, {3, []float32{3, 5}, nil, "b"}}); err != nil {
		f.Fatal(err)
	}
	f.Add(text.Bytes())
	f.Add(text.Bytes()[:text.Len()/2])
	f.Add([]byte("PAR1\x00\x00\x00\x00\xff\xff\xff\x7fPAR1"))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 30))
	f.Fuzz(func(t *testing.T, text []byte) {
		if !bytes.HasPrefix(text, []byte(parquetMagic)) {
			return
		}
		checkRead(t, text, Options{Label: "class", DropMissing: true})
		checkRead(t, text, Options{Labels: "y", Drop: []string{"class"}})
	})
}

func FuzzTextOptions(f *testing.F) {
	f.Add([]byte("x,y,class\n1,2,a\n2,4.5,a\n3,6,b\n5,10,b\n"), "class", "y", false, true)
	f.Add([]byte("\ufeff1;2;\"a;\n\"\r\n3;NA;b\r\n"), "3", "", true, true)
	f.Add(zipped([]byte("x\tclass\n1\ta\n")), "class", "x", false, false)
	f.Fuzz(func(t *testing.T, text []byte, label, drop string, headless, missing bool) {
		o := Options{Label: label, NoHeader: headless, DropMissing: missing}
		if drop != "" {
			o.Drop = []string{drop}
		}
		checkRead(t, text, o)
		o.Exact, o.Label, o.Labels = true, "", "y"
		checkRead(t, text, o)
	})
}

// What is read of a text in floating point is what is read of it exactly, rounded, whatever the text.
func FuzzRoundedText(f *testing.F) {
	f.Add("1.5", "1e-3", "-7/3")
	f.Add(" .5 ", "123456789.123456789", "0")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		row := [][]byte{[]byte(a), []byte(b), []byte(c)}
		read := func(big bool) ([]float64, error) {
			table := &Table{limit: 1, Columns: numbered(3), Class: []int{0}}
			builder := newBuilder(table, Options{})
			if big {
				builder.round()
			}
			if _, err := builder.texts(row, []int{0, 1, 2}); err != nil {
				return nil, err
			}
			kept, err := builder.numbers()
			x := make([]float64, 3)
			if err == nil {
				kept.row(0, x)
			}
			return x, err
		}
		exactly, refused := read(false)
		rounded, err := read(true)
		if fmt.Sprint(exactly, refused) != fmt.Sprint(rounded, err) {
			t.Fatalf("%v, %v and %v, %v", exactly, refused, rounded, err)
		}
	})
}
