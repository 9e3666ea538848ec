package theorems_test

import (
	"math/big"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/theorems"

	"gonum.org/v1/gonum/mat"
)

// oppositePair is a paired mixture of two components at ±size in both modalities,
// the visual one in two dimensions, of which the second is empty.
func oppositePair(t *testing.T, size *big.Rat) gmm.Pairs {
	t.Helper()
	zero, one, opposite := new(big.Rat), big.NewRat(1, 1), new(big.Rat).Neg(size)
	side := func(means, covariance [][]*big.Rat) *gmm.Mixture {
		m, err := gmm.NewExact(gmm.Exact{Weights: []*big.Rat{one, one}, Means: means, Covariance: covariance})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	p, err := gmm.NewPaired(
		side([][]*big.Rat{{size, zero}, {opposite, zero}}, [][]*big.Rat{{one, zero}, {zero, one}}),
		side([][]*big.Rat{{size}, {opposite}}, [][]*big.Rat{{one}}), one)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A pair beside the minimum of a faint loss does not minimise it, however small
// both losses are; and a pair inside S_V says nothing of the others.
func TestEveryPairNeedsAMinimisingPairThatLeaves(t *testing.T) {
	found, err := theorems.Find("clip-containment-every-pair")
	if err != nil {
		t.Fatal(err)
	}
	claim := found[0]
	faint := theorems.Case{Pairs: oppositePair(t, big.NewRat(1, 1<<14)),
		A: mat.NewDense(2, 2, []float64{0, 0, 1, 0}), Other: mat.NewDense(1, 2, []float64{0x1p-22, 0})}
	if o := claim.Check(faint); o.Verdict != oracle.Undecided {
		t.Errorf("a pair orthogonal to S_V: %v, %s", o.Verdict, o.Detail)
	}
	plain := theorems.Case{Pairs: oppositePair(t, big.NewRat(1, 1)),
		A: mat.NewDense(2, 2, nil), Other: mat.NewDense(1, 2, nil)}
	if o := claim.Check(plain); o.Verdict != oracle.Undecided {
		t.Errorf("a pair that does not minimise: %v, %s", o.Verdict, o.Detail)
	}
}
