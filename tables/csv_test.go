package tables_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/tables"
)

// fit is a mixture fitted to a whole table.
type fit struct {
	*tables.Table
	m *gmm.Mixture
}

func fitted(source string, r io.Reader, label string) (fit, error) {
	t, err := tables.Read(source, r, tables.Options{Label: label})
	if err != nil {
		return fit{}, err
	}
	m, _, err := t.Fit(t.All(), tables.Shrinkage{})
	return fit{t, m}, err
}

func TestRead(t *testing.T) {
	text := "\ufeffx,class,y\n1,a,0\n3,a,2\n\"5\",b,1/2\n7,b,-0.5\n"
	data, err := fitted("dir/t.csv", strings.NewReader(text), "class")
	if err != nil {
		t.Fatal(err)
	}
	// Class a: mean (2, 1), deviations ∓(1, 1). Class b: mean (6, 0), deviations (−1, ½), (1, −½).
	want := "Mixture{weights 1:1, means (2, 1) (6, 0), covariance (1, 0.25) (0.25, 0.625)}"
	if got := data.m.GoString(); got != want {
		t.Errorf("fitted %s, want %s", got, want)
	}
	if data.m.Name() != "t" || fmt.Sprint(data.Classes, data.Columns) != "[a b] [x y]" {
		t.Errorf("name %q, classes %v, columns %v", data.m.Name(), data.Classes, data.Columns)
	}
}

func TestReadOfIris(t *testing.T) {
	f, err := os.Open("../testdata/iris.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := fitted("iris.csv", f, "species")
	if err != nil {
		t.Fatal(err)
	}
	// Fisher's table of 1936: the means of setosa are 5.006, 3.428, 1.462, 0.246.
	if got := data.m.GoString(); !strings.HasPrefix(got, "Mixture{weights 1:1:1, means (5.006, 3.428, 1.462, 0.246) (5.936, 2.77, 4.26, 1.326) (6.588, 2.974, 5.552, 2.026)") {
		t.Error(got)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, text string
		reason     error
		key        string
	}{
		{"empty", "", gmm.ErrSyntax, "header"},
		{"no samples", "x,class\n", gmm.ErrShape, "line 2"},
		{"no such label", "x,y\n1,2\n", gmm.ErrShape, `"class"`},
		{"labels only", "class\na\n", gmm.ErrShape, "header"},
		{"two columns of a name", "x,x,class\n1,2,a\n", gmm.ErrSyntax, "header"},
		{"missing field", "x,y,class\n1,2,a\n1,a\n", gmm.ErrSyntax, "line 3"},
		{"missing value", "x,class\n1,a\n,a\n", gmm.ErrNumber, "line 3"},
		{"missing label", "x,class\n1,a\n2,\n", gmm.ErrSyntax, "line 3"},
		{"NaN", "x,class\n1,a\nNaN,a\n", gmm.ErrNumber, "line 3"},
		{"infinity", "x,class\ninf,a\n2,a\n", gmm.ErrNumber, "line 2"},
		{"word", "x,class\n1,a\ntwo,a\n", gmm.ErrNumber, `column "x"`},
		{"not UTF-8", "x,class\n1,\xff\n", gmm.ErrSyntax, "UTF-8"},
		{"bare quote", "x,class\n1,a\"b\n", gmm.ErrSyntax, "line 2"},
		{"constant column", "x,y,class\n1,5,a\n2,5,a\n3,5,b\n5,5,b\n", gmm.ErrNotPositiveDefinite, `column "y"`},
		{"constant within classes", "x,y,class\n1,5,a\n2,5,a\n3,6,b\n5,6,b\n", gmm.ErrNotPositiveDefinite, `column "y"`},
		{"one sample a class", "x,class\n1,a\n2,b\n", gmm.ErrNotPositiveDefinite, `column "x"`},
		{"collinear columns", "x,y,class\n1,2,a\n2,4,a\n3,6,b\n5,10,b\n", gmm.ErrNotPositiveDefinite, "columns"},
	} {
		_, err := fitted("t.csv", strings.NewReader(c.text), "class")
		if !errors.Is(err, c.reason) {
			t.Errorf("%s: %v, want %v", c.name, err, c.reason)
			continue
		}
		if line := err.Error(); !strings.HasPrefix(line, "gmm: t.csv: ") || !strings.Contains(line, c.key) || strings.Contains(line, "\n") {
			t.Errorf("%s: the message is %q, want one line that names the file and %q", c.name, line, c.key)
		}
	}
}

func TestReadOfOneClass(t *testing.T) {
	data, err := fitted("t.csv", strings.NewReader("x,class\n1,a\n2,a\n"), "class")
	if err != nil || data.m.Components() != 1 {
		t.Errorf("%v, %v", data.m, err)
	}
}

// A table of 10^5 lines is read, exactly.
func TestReadLong(t *testing.T) {
	var text strings.Builder
	text.WriteString("x,y,class\n")
	const lines = 100000
	for i := range lines {
		fmt.Fprintf(&text, "%d.%d,%d,%c\n", i%7, i%10, i%11, 'a'+rune(i%3))
	}
	data, err := fitted("long.csv", strings.NewReader(text.String()), "class")
	if err != nil {
		t.Fatal(err)
	}
	if e := data.m.Exact(); e.Weights[0].String() != "16667/50000" {
		t.Errorf("the first class has weight %v", e.Weights[0])
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("x,y,class\n1,2,a\n2,4.5,a\n3,6,b\n5,10,b\n"))
	f.Add([]byte("class,x\na,1\na,1/3\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		data, err := fitted("fuzz", bytes.NewReader(text), "class")
		if err != nil {
			var input *gmm.InputError
			if !errors.As(err, &input) || input.Expected == "" {
				t.Fatalf("%v is not an InputError that says what was expected", err)
			}
			return
		}
		if data.m.Components() != len(data.Classes) || data.m.Dimension() != len(data.Columns) {
			t.Fatal("shapes differ")
		}
	})
}
