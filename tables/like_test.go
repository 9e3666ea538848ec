package tables

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// More samples of a table have its columns in its order, whatever theirs is, in text and in arrays, with labels or without.
func TestLikeIsInTheOrderOfTheOther(t *testing.T) {
	reordered := 0
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(1, 10).Draw(t, "n"), rapid.IntRange(1, 6).Draw(t, "d")
		names := numbered(d)
		for i := range names {
			names[i] = "x" + names[i]
		}
		order := rapid.Permutation(names).Draw(t, "order")
		withLabels := rapid.Bool().Draw(t, "labels")
		like := &Table{Columns: names, source: "first"}
		var text strings.Builder
		text.WriteString(strings.Join(order, ",") + ",constant")
		if withLabels {
			text.WriteString(",class")
		}
		place := map[string]int{}
		for i, name := range order {
			place[name] = i
		}
		want := mat.NewDense(n, d, nil)
		for i := range n {
			text.WriteString("\n")
			row := make([]int, d)
			for j := range row {
				row[j] = rapid.IntRange(-1000, 1000).Draw(t, "x")
				fmt.Fprintf(&text, "%d,", row[j])
			}
			text.WriteString("7")
			if withLabels {
				fmt.Fprintf(&text, ",k%d", i%2)
			}
			for j, name := range names {
				want.Set(i, j, float64(row[place[name]]))
			}
		}
		got, err := Read("more", strings.NewReader(text.String()), Options{Like: like, Label: "class", Drop: []string{"constant", "elsewhere"}})
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(got.Rows(got.All()), want) || strings.Join(got.Columns, " ") != strings.Join(names, " ") {
			t.Fatalf("%v of %q", got.Columns, text.String())
		}
		if unlabelled := got.Classes[0] == Unlabelled; unlabelled == withLabels {
			t.Fatalf("classes %v, labels %v", got.Classes, withLabels)
		}
		if strings.Join(order, " ") != strings.Join(names, " ") {
			reordered++
		}
	})
	if reordered < 3 {
		t.Errorf("only %d tables had another order", reordered)
	}
}

func TestLikeRefuses(t *testing.T) {
	like := &Table{Columns: []string{"a", "b", "c"}, source: "first.csv"}
	for _, c := range []struct{ name, text, want string }{
		{"missing", "a,c,class\n1,2,k\n", `more.csv: columns: expected those of first.csv, found none named "b"`},
		{"extra", "a,b,c,d e\n1,2,3,4\n", `more.csv: columns: expected those of first.csv alone (--drop "d e" leaves one out), found also "d e"`},
		{"both", "a,b,x\n1,2,3\n", `more.csv: columns: expected those of first.csv, among them "c", found "x" instead`},
		{"twice", "a,b,b,c\n1,2,3,4\n", `more.csv: header: expected each column once, found two named "b"`},
		{"empty label", "a,b,c,class\n1,2,3,\n", `more.csv: line 2, column "class": expected a class label (--missing drop leaves the line out), found an empty field`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read("more.csv", strings.NewReader(c.text), Options{Like: like, Label: "class"})
			if err == nil || !strings.HasSuffix(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	_, err := Read("more.npy", bytes.NewReader(npy(1, "<f8", "False", "(1, 2)", []float64{1, 2})), Options{Like: &Table{Columns: numbered(3), source: "first.npy"}})
	if want := `more.npy: columns: expected those of first.npy, found none named "3"`; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// What is written is read again, bit for bit.
func TestWrittenIsReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(1, 12).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "d")
		x := mat.NewDense(n, d, nil)
		words := make([]string, n)
		for i := range n {
			words[i] = rapid.SampledFrom([]string{"a", "b c", `"quoted", twice`, "é"}).Draw(t, "label")
			for j := range d {
				x.Set(i, j, rapid.Float64Range(-1e20, 1e20).Filter(func(x float64) bool { return x == 0 || x > 1e-190 || x < -1e-190 }).Draw(t, "x"))
			}
		}
		var array, text bytes.Buffer
		if err := WriteNPY(&array, x); err != nil {
			t.Fatal(err)
		}
		if err := WriteCSV(&text, "class", words, numbered(d), x); err != nil {
			t.Fatal(err)
		}
		one, err := Read("z", &array, Options{Labels: "y", Open: fileNamed("y", []byte(strings.Repeat("k\n", n)))})
		if err != nil {
			t.Fatal(err)
		}
		two, err := Read("z", &text, Options{Label: "class"})
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(one.Rows(one.All()), x) || !mat.Equal(two.Rows(two.All()), x) || strings.Join(two.Labels(), "|") != strings.Join(words, "|") {
			t.Fatalf("%v was written as %q", mat.Formatted(x), text.String())
		}
	})
}

func TestNPYBeginsAtAMultipleOf64(t *testing.T) {
	for _, n := range []int{1, 9, 10, 99, 100, 1000, 123456} {
		var b bytes.Buffer
		if err := WriteNPY(&b, mat.NewDense(n, 1, nil)); err != nil {
			t.Fatal(err)
		}
		if before := b.Len() - 8*n; before%64 != 0 || b.Bytes()[before-1] != '\n' {
			t.Errorf("%d rows begin after %d bytes", n, before)
		}
	}
}
