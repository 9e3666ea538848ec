package search_test

import (
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/files"
	"contrastcheck/search"
	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

func caseOf(t testing.TB, m *gmm.Mixture) theorems.Case {
	t.Helper()
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	return theorems.Case{Pairs: p}
}

// A mixture is kept once, however its components are ordered and its coordinates
// chosen; another one is kept too, also by a later run.
func TestCorpusKeepsDistinctMixtures(t *testing.T) {
	claim := claimOf(t, "equality")
	ran := 0
	rapid.Check(t, func(r *rapid.T) {
		ran++
		m := generators.SharedCovariance().Draw(r, "mixture")
		order := rapid.Permutation(indices(m.Components())).Draw(r, "order")
		same, err := m.Permute(order).Transform(generators.Transformation(m.Dimension()).Draw(r, "T"))
		if err != nil {
			r.Fatal(err)
		}
		folder := t.TempDir()
		corpus, err := search.OpenCorpus(folder)
		if err != nil {
			r.Fatal(err)
		}
		_, path, added, err := corpus.Add(t.Context(), claim, search.Find{Case: caseOf(t, m)})
		if err != nil || !added {
			r.Fatalf("the first is not added: %v", err)
		}
		if _, err := os.Stat(path); err != nil {
			r.Fatal(err)
		}
		if _, _, added, err := corpus.Add(t.Context(), claim, search.Find{Case: caseOf(t, same)}); err != nil || added {
			r.Fatalf("the same in other coordinates is added, %v", err)
		}
		if corpus, err = search.OpenCorpus(folder); err != nil {
			r.Fatal(err)
		}
		if _, _, added, err := corpus.Add(t.Context(), claim, search.Find{Case: caseOf(t, same)}); err != nil || added {
			r.Fatalf("the same in other coordinates is added later, %v", err)
		}
		if _, _, added, err := corpus.Add(t.Context(), claim, search.Find{Case: caseOf(t, m.Split(0))}); err != nil || !added || corpus.Len() != 2 {
			r.Fatalf("another mixture is not added, %v", err)
		}
	})
	if ran < 10 {
		t.Errorf("only %d cases ran", ran)
	}
}

// Components that are alike in weight and length are tried in every order.
func TestCorpusKnowsTiedComponents(t *testing.T) {
	claim := claimOf(t, "equality")
	e := gmm.Exact{
		Weights:    gmm.Rationals(1, 1, 1, 1),
		Means:      [][]*big.Rat{gmm.Rationals(3, 4), gmm.Rationals(5, 0), gmm.Rationals(-4, 3), gmm.Rationals(0, 5)},
		Covariance: [][]*big.Rat{gmm.Rationals(1, 0), gmm.Rationals(0, 1)},
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	corpus, err := search.OpenCorpus(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for n, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 0, 2, 3}, {2, 0, 3, 1}} {
		if _, _, added, err := corpus.Add(t.Context(), claim, search.Find{Case: caseOf(t, m.Permute(order))}); err != nil || added != (n == 0) {
			t.Errorf("order %v: added %v, %v", order, added, err)
		}
	}
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// A damaged file is named and left alone, like all others.
func TestCorpusRefusesADamagedFile(t *testing.T) {
	folder := t.TempDir()
	corpus, err := search.OpenCorpus(folder)
	if err != nil {
		t.Fatal(err)
	}
	_, kept, _, err := corpus.Add(t.Context(), claimOf(t, "equality"), search.Find{Case: theorems.Stored("equality")[0].Case})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(folder, "equality_torn.json")
	if err := os.WriteFile(damaged, text[:len(text)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := search.OpenCorpus(folder); !errors.Is(err, search.ErrCorpus) || !strings.Contains(err.Error(), damaged) {
		t.Errorf("a torn file gives %v", err)
	}
	if after, err := os.ReadFile(kept); err != nil || string(after) != string(text) {
		t.Errorf("the other file changed to %q, %v", after, err)
	}
	if after, err := os.ReadFile(damaged); err != nil || string(after) != string(text[:len(text)/2]) {
		t.Errorf("the torn file changed to %q, %v", after, err)
	}
}

// Opening leaves nothing behind, and what an interrupted writer left is passed over.
func TestCorpusLeavesNothingBehind(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	if _, err := search.OpenCorpus(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, ".equality_half.json123"), []byte(`{"weights`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := search.OpenCorpus(folder); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

// What can't be written is an error that names the place.
func TestUnwritablePlaces(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(folder, "none", "x.json"), filepath.Join(file, "x.json"), folder, os.DevNull} {
		if err := files.Writable(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s gives %v", path, err)
		}
	}
	if _, err := search.OpenCorpus(file); !errors.Is(err, search.ErrCorpus) {
		t.Errorf("a file as a folder gives %v", err)
	}
	corpus, err := search.OpenCorpus(filepath.Join(folder, "gone"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(folder, "gone")); err != nil {
		t.Fatal(err)
	}
	if _, path, added, err := corpus.Add(t.Context(), claimOf(t, "equality"), search.Find{Case: theorems.Stored("equality")[0].Case}); err == nil || added || !strings.Contains(err.Error(), path) {
		t.Errorf("a vanished folder gives %v", err)
	}
}

// The stored counterexamples can be continued as a corpus.
func TestStoredCounterexamplesAreACorpus(t *testing.T) {
	corpus, err := search.OpenCorpus("../theorems/testdata/counterexamples")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"equality", "equality-centred", "equality-biased", "svd-shared"} {
		for _, s := range theorems.Stored(id) {
			if _, _, added, err := corpus.Add(t.Context(), claimOf(t, id), search.Find{Case: s.Case}); err != nil || added {
				t.Errorf("%s is not found in its corpus, %v", s.Name, err)
			}
		}
	}
}

// What is no regular file is refused; reading a pipe would never end.
func TestCorpusRefusesPipes(t *testing.T) {
	folder := t.TempDir()
	pipe := filepath.Join(folder, "equality_pipe.json")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	if _, err := search.OpenCorpus(folder); !errors.Is(err, search.ErrCorpus) || !strings.Contains(err.Error(), pipe) {
		t.Errorf("%v, want ErrCorpus with the path", err)
	}
}
