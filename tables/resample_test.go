package tables_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/tables"
)

func labelled(t *testing.T, counts ...int) *tables.Table {
	t.Helper()
	text := "x,label\n"
	for k, n := range counts {
		for i := range n {
			text += fmt.Sprintf("%d,c%d\n", i, k)
		}
	}
	out, err := tables.Read("rows", strings.NewReader(text), tables.Options{Label: "label"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Resamples have as many rows as the table, every class, and each row once on average.
func TestResample(t *testing.T) {
	table := labelled(t, 30, 12, 8)
	rng := rand.New(rand.NewPCG(1, 2))
	const draws, rows = 4000, 50
	times := make([]int, rows)
	var second float64 // moment of the number of rows of the second class
	for range draws {
		samples, _, err := table.Resample(rng)
		if err != nil || len(samples) != rows || !slices.IsSorted(samples) {
			t.Fatalf("%v: %v", samples, err)
		}
		met, ofSecond := map[int]bool{}, 0.0
		for _, i := range samples {
			times[i]++
			met[table.Class[i]] = true
			if table.Class[i] == 1 {
				ofSecond++
			}
		}
		if len(met) != 3 {
			t.Fatalf("%v has %d classes", samples, len(met))
		}
		second += (ofSecond - 12) * (ofSecond - 12) / draws
	}
	for i, n := range times { // each is binomial, of variance about draws
		if off := float64(n-draws) / math.Sqrt(draws); math.Abs(off) > 5 {
			t.Errorf("row %d is drawn %d times in %d", i, n, draws)
		}
	}
	if want := 12.0 * (1 - 12.0/50); math.Abs(second/want-1) > 0.15 {
		t.Errorf("the second class's rows vary by %.2f, want %.2f: frequencies are resampled, too", second, want)
	}
}

func TestResampleRefusesManySingleRows(t *testing.T) {
	_, _, err := labelled(t, append(slices.Repeat([]int{1}, 60), 5)...).Resample(rand.New(rand.NewPCG(1, 2)))
	if !errors.Is(err, gmm.ErrShape) || !strings.Contains(err.Error(), "rows: classes: expected") {
		t.Error(err)
	}
}
