package tables

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

var update = flag.Bool("update", false, "write testdata/tables anew")

// testdata/tables holds the Iris table in other formats, and its petals and sepals as two modalities; all are what testdata/iris.csv is.
func TestIrisInEveryFormat(t *testing.T) {
	open := func(name string) *os.File {
		f, err := os.Open(filepath.Join("../testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	iris, err := Read("iris.csv", open("iris.csv"), Options{Label: "species"})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		for name, text := range irisFiles(t, iris) {
			if err := os.WriteFile(filepath.Join("../testdata/tables", name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	apart := Options{Labels: "../testdata/tables/species.txt"}
	for name, c := range map[string]struct {
		o           Options
		first, last int // columns of iris
	}{"iris.npz": {Options{Labels: "y"}, 0, 4}, "iris.parquet": {Options{Label: "species"}, 0, 4}, "sepals.npy": {apart, 0, 2}, "petals.npy": {apart, 2, 4}} {
		table, err := Read(name, open("tables/"+name), c.o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := iris.Matches(table); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		x, y := iris.Rows(iris.All()), table.Rows(table.All())
		for i := range iris.Class {
			for a := c.first; a < c.last; a++ {
				place := slices.Index(table.Columns, iris.Columns[a])
				if place < 0 {
					place = a - c.first
				}
				if got := y.At(i, place); x.At(i, a) != got {
					t.Fatalf("%s: row %d, column %d is %v, want %v", name, i+1, a+1, got, x.At(i, a))
				}
			}
		}
	}
}

// irisFiles are the files of testdata/tables.
func irisFiles(t *testing.T, iris *Table) map[string][]byte {
	var all, sepals, petals []float64
	var labels []uint32
	x, n := iris.Rows(iris.All()), len(iris.Class)
	group := parquet.Group{"species": parquet.String()}
	for _, name := range iris.Columns {
		group[name] = parquet.Leaf(parquet.DoubleType)
	}
	var table bytes.Buffer
	schema := parquet.NewSchema("iris", group)
	w := parquet.NewGenericWriter[any](&table, schema)
	for i, species := range iris.Labels() {
		row := x.RawRowView(i)
		all, sepals, petals = append(all, row...), append(sepals, row[:2]...), append(petals, row[2:]...)
		for at := range 10 {
			labels = append(labels, 0)
			if at < len(species) {
				labels[len(labels)-1] = uint32(species[at])
			}
		}
		var values parquet.Row
		for c, path := range schema.Columns() {
			v := parquet.ByteArrayValue([]byte(species))
			for a, name := range iris.Columns {
				if name == path[0] {
					v = parquet.DoubleValue(row[a])
				}
			}
			values = append(values, v.Level(0, 0, c))
		}
		if _, err := w.WriteRows([]parquet.Row{values}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	matrix := func(d int, x []float64) []byte { return npy(1, "<f8", "False", fmt.Sprintf("(%d, %d)", n, d), x) }
	return map[string][]byte{"sepals.npy": matrix(2, sepals), "petals.npy": matrix(2, petals), "species.txt": []byte(strings.Join(iris.Labels(), "\n") + "\n"),
		"iris.npz":     archive(map[string][]byte{"X": matrix(4, all), "y": npy(1, "<U10", "False", fmt.Sprintf("(%d,)", n), labels)}, "X", "y"),
		"iris.parquet": table.Bytes()}
}
