package box_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof/box"
)

func mixture(t testing.TB) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(`{"weights": [1, 5, 2], "means": [[3, 3], [1, -2], [0, 1]], "covariance": [[2, 1], [1, 1]], "delta": "9/10"}`))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"weight[1] in [1/500, 1/432], delta in [9/10, 1]":         "weight[1] in [1/500, 1/432], delta in [9/10, 1]",
		" mean[2][1]  in[-1.5,0.25] ":                             "mean[2][1] in [-3/2, 1/4]",
		"covariance[2][1] in [1, 2]":                              "covariance[1][2] in [1, 2]",
		"delta within 1/2":                                        "delta in [9/20, 1]",
		"delta within 3":                                          "delta in [0, 1]",
		"weights within 1/10":                                     "weight[1] in [9/80, 11/80], weight[3] in [9/40, 11/40]",
		"mean[3][1] within 1/4, mean[1][2] within 1/3":            "mean[3][1] in [-1/4, 1/4], mean[1][2] in [2, 4]",
		"weight[1] in [1/9, 1/7], weights within 1/10":            "weight[1] in [1/9, 1/7], weight[3] in [9/40, 11/40]",
		"covariance within 1/100, delta in [1/2, 1/2]":            "covariance[1][1] in [99/50, 101/50], covariance[1][2] in [99/100, 101/100], covariance[2][2] in [99/100, 101/100], delta in [1/2, 1/2]",
		"mean[2][2] in [-3, -2], means within 1, delta in [1, 1]": "mean[2][2] in [-3, -2], mean[1][1] in [0, 6], mean[1][2] in [0, 6], mean[2][1] in [0, 2], mean[3][1] in [-1, 1], mean[3][2] in [0, 2], delta in [1, 1]",
	} {
		sides, err := box.Parse(text, mixture(t))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := (box.Box{Sides: sides}).String(); got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
	if all, err := box.Parse("all within 1/100", mixture(t)); err != nil || len(all) != 2+6+3+1 {
		t.Errorf("all: %d sides, %v", len(all), err)
	}
}

// What is no box is refused by what is wrong with it.
func TestParseRefuses(t *testing.T) {
	for text, reason := range map[string]error{
		"":                                  gmm.ErrSyntax,
		"weight[1]":                         gmm.ErrSyntax,
		"weight[1] in [1/500, 1/432],":      gmm.ErrSyntax,
		"weight[1] in [1/500, 1/432":        gmm.ErrSyntax,
		"weight[1] in (1/500, 1/432)":       gmm.ErrSyntax,
		"weight[1] [1/500, 1/432]":          gmm.ErrSyntax,
		"weight[1] in [1/500, 1/432] delta": gmm.ErrSyntax,
		"weight[1] in [1/500, x]":           gmm.ErrNumber,
		"weight[1] in [1/0, 1]":             gmm.ErrNumber,
		"weight[0] in [1/500, 1/432]":       gmm.ErrPath,
		"variance[1][1] in [1, 2]":          gmm.ErrPath,
		"mean[1] in [1, 2]":                 gmm.ErrPath,
		"mean[4][1] within 1/10":            gmm.ErrPath,
		"delta within 0":                    gmm.ErrNumber,
		"everything within 1/10":            gmm.ErrPath,
	} {
		if _, err := box.Parse(text, mixture(t)); !errors.Is(err, box.ErrText) || !errors.Is(err, reason) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A box's text is read back as it is written; strangers' texts are refused in one line.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"weight[1] in [1/500, 1/432], delta in [9/10, 1]", "all within 1/1000", "mean[1][1] in [, 1]", "covariance[2][1] in [1, 2], weights within 1/3"} {
		f.Add(text)
	}
	p := mixture(f)
	f.Fuzz(func(t *testing.T, text string) {
		sides, err := box.Parse(text, p)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("more than a line: %q", err)
			}
			return
		}
		again, err := box.Parse(box.Box{Sides: sides}.String(), p)
		if err != nil || len(again) != len(sides) {
			t.Fatalf("%v, %v of %q", again, err, text)
		}
		for i, s := range sides {
			if !s.Path.Same(again[i].Path) || s.Low.Cmp(again[i].Low) != 0 || s.High.Cmp(again[i].High) != 0 {
				t.Errorf("%v is read back as %v", s, again[i])
			}
		}
	})
}

// Divisions that are none are refused, whatever they are.
func TestCheckRefusesWhatIsNoDivision(t *testing.T) {
	p := mixture(t)
	sides, err := box.Parse("weights within 1/1000, delta within 1/1000", p)
	if err != nil {
		t.Fatal(err)
	}
	b := box.Box{Pairs: p, Sides: sides}
	good, bounds, err := box.Prove(b, 0.1)
	if err != nil || len(good.Pieces) != 1 || bounds.Leaves != 1 {
		t.Fatal(len(good.Pieces), bounds, err)
	}
	leaf := good.Pieces[0]
	bent, long := leaf, leaf
	bent.Moves = leaf.Moves[1:]
	long.Witness = append(append(long.Witness, big.NewRat(1, 1)), big.NewRat(1, 1), big.NewRat(1, 1))
	asymmetric := leaf
	asymmetric.Minimiser = leaf.Minimiser.Scaled(big.NewRat(1, 1))
	asymmetric.Minimiser[0][1] = new(big.Rat).Add(asymmetric.Minimiser[0][1], big.NewRat(1, 1<<40))
	for what, pieces := range map[string][]box.Piece{
		"none": nil, "one too many": {leaf, leaf}, "a half is missing": {{Cut: 0}, leaf}, "no side": {{Cut: 3}, leaf, leaf}, "a negative side": {{Cut: -2}, leaf, leaf},
		"a move is missing": {bent}, "a long witness": {long}, "no matrix": {{Cut: box.Leaf}}, "asymmetric": {asymmetric},
	} {
		bad := good
		bad.Pieces = pieces
		if _, err := box.Check(b, bad, 0.1); !errors.Is(err, box.ErrPieces) {
			t.Errorf("%s: %v", what, err)
		}
	}
	bad := good
	if bad.Accuracy = 49; true {
		if _, err := box.Check(b, bad, 0.1); !errors.Is(err, box.ErrPieces) {
			t.Errorf("an accuracy beyond float64: %v", err)
		}
	}
	deep := good
	for range 70 {
		deep.Pieces = append([]box.Piece{{Cut: 0}}, deep.Pieces...)
	}
	if _, err := box.Check(b, deep, 0.1); !errors.Is(err, box.ErrPieces) {
		t.Errorf("a tree too deep: %v", err)
	}
	if _, err := box.Check(b, good, 1e-9); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("a budget that is spent: %v", err)
	}
}
