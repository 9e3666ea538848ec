package tables_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/tables"
)

func readTable(t *testing.T) *tables.Table {
	t.Helper()
	table, err := tables.Read("dir/t.csv", strings.NewReader("x,class,y\n1,a,0\n3,a,2\n5,b,1/2\n7,b,-0.5\n9,b,4\n"), tables.Options{Label: "class"})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// A mixture fitted to some of the samples is the one fitted to a table of them alone.
func TestFitOfSomeSamples(t *testing.T) {
	table := readTable(t)
	if got := fmt.Sprint(table.Name, table.Columns, table.Classes, table.Class); got != "t[x y] [a b] [0 0 1 1 1]" {
		t.Errorf("read %s", got)
	}
	m, _, err := table.Fit([]int{0, 1, 2, 3}, tables.Shrinkage{})
	if err != nil {
		t.Fatal(err)
	}
	// As in TestRead, which reads these four lines.
	want := "Mixture{weights 1:1, means (2, 1) (6, 0), covariance (1, 0.25) (0.25, 0.625)}"
	if got := m.GoString(); got != want {
		t.Errorf("fitted %s, want %s", got, want)
	}
	x := table.Rows([]int{4, 2})
	if x.At(0, 0) != 9 || x.At(0, 1) != 4 || x.At(1, 1) != 0.5 {
		t.Errorf("rows %v", x)
	}
}

func TestFitRefuses(t *testing.T) {
	table := readTable(t)
	for _, c := range []struct {
		samples []int
		reason  error
	}{{[]int{0, 1}, gmm.ErrShape}, {nil, gmm.ErrShape}, {[]int{0, 2}, gmm.ErrNotPositiveDefinite}, {[]int{0, 1, 2}, gmm.ErrNotPositiveDefinite}} {
		_, _, err := table.Fit(c.samples, tables.Shrinkage{})
		if !errors.Is(err, c.reason) {
			t.Errorf("samples %v: %v, want %v", c.samples, err, c.reason)
		}
	}
}

// The limit holds for the text, and later for what is fitted to the table.
func TestLimit(t *testing.T) {
	spaces := strings.NewReader(strings.Repeat(" ", 1e6))
	if _, err := tables.Read("pipe", spaces, tables.Options{Label: "class", Limit: 1e-3}); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("a megabyte: %v", err)
	}
	const columns = 30
	var header, first, second strings.Builder
	for c := range columns {
		fmt.Fprintf(&header, "x%d,", c)
		fmt.Fprintf(&first, "%d,", c)
		fmt.Fprintf(&second, "%d,", c*c+1)
	}
	text := header.String() + "class\n" + first.String() + "a\n" + second.String() + "a\n"
	half, err := tables.ParseShrinkage("1/2")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		limit gmm.Limit
		want  error
	}{{0, nil}, {1, nil}, {2.5e-5, gmm.ErrCost}} {
		table, err := tables.Read("t.csv", strings.NewReader(text), tables.Options{Label: "class", Limit: c.limit})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := table.Fit(table.All(), half); !errors.Is(err, c.want) {
			t.Errorf("limit %v: %v, want %v", c.limit, err, c.want)
		}
	}
}

// A table of fewer samples than columns is refused before anything of the square of its columns is made: 6 rows
// of 100,000 columns took 17 GB. A shrunk covariance of so many columns is too large.
func TestFitRefusesWideTables(t *testing.T) {
	const rows, columns = 6, 30_000
	var text strings.Builder
	for c := range columns {
		fmt.Fprintf(&text, "c%d,", c)
	}
	text.WriteString("label\n")
	for r := range rows {
		for c := range columns {
			fmt.Fprintf(&text, "%d,", (c*r*r+c)%7)
		}
		fmt.Fprintf(&text, "%d\n", r%2)
	}
	table, err := tables.Read("wide.csv", strings.NewReader(text.String()), tables.Options{Label: "label"})
	if err != nil {
		t.Fatal(err)
	}
	var refusal *gmm.InputError
	if _, _, err := table.Fit(table.All(), tables.Shrinkage{}); !errors.Is(err, gmm.ErrNotPositiveDefinite) || !errors.As(err, &refusal) ||
		refusal.Found != "6 samples, 30000 columns and 2 classes" || !strings.Contains(refusal.Expected, "--shrinkage auto") {
		t.Errorf("%v", err)
	}
	if _, _, err := table.Fit(table.All(), tables.LedoitWolf); !errors.Is(err, gmm.ErrCost) || !strings.Contains(err.Error(), "wide.csv") {
		t.Errorf("shrunk: %v", err)
	}
}
