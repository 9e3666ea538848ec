package proof_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// The mixtures that losses are compared on.
const (
	twoPoints      = `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	twoPointsApart = `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`
	rareOutlier    = `{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`
	rarerOutlier   = `{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`
	threeEqual     = `{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`
	fourPoints     = `{"weights": [1, 87, 87, 1], "means": [[19, 18], [3, 1], [-3, -1], [-19, -18]], "covariance": "identity"}`
	mild           = `{"weights": [47, 1, 29], "means": [["9/4", 1], [-21, -18], ["-339/116", -1]], "covariance": "identity"}`
)

// margins are values of λ_min by programs that share nothing with this one, to the digits given.
func TestLossesAreProved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		loss    proof.Words
		mixture string
		margin  float64
	}{
		{proof.Words{Loss: "dv"}, twoPoints, -3.94460702673764e-4},
		{proof.Words{Loss: "dv"}, twoPointsApart, -.00728229871865763},
		{proof.Words{Loss: "dv"}, rareOutlier, -.0108519665565112},
		{proof.Words{Loss: "triplet"}, twoPoints, -2.43584019e-3},
		{proof.Words{Loss: "infonce", Negatives: "1"}, twoPointsApart, -1.97850119e-2},
		{proof.Words{Loss: "triplet"}, rareOutlier, 5.14909318e-5},
		{proof.Words{Loss: "triplet"}, fourPoints, -4.013572e-3},
		{proof.Words{Loss: "sigmoid"}, twoPoints, -5.212123661e-3},
		{proof.Words{Loss: "sigmoid", Negatives: "4"}, twoPoints, -2.207072548e-3},
		{proof.Words{Loss: "sigmoid"}, rareOutlier, 6.163520903e-5},
		{proof.Words{Loss: "sigmoid", Negatives: "4"}, rareOutlier, 1.247299374e-4},
		{proof.Words{Loss: "sigmoid", Negatives: "64"}, rareOutlier, -4.410276147e-3},
		{proof.Words{Loss: "sigmoid", Negatives: "1"}, mild, -6.39493958e-3},
		{proof.Words{Score: "distance"}, rareOutlier, 1.09546642e-4},
		{proof.Words{Score: "distance"}, rarerOutlier, 7.00545817e-4},
		{proof.Words{Score: "distance"}, threeEqual, 6.42571605e-3},
	} {
		t.Run(fmt.Sprint(c.loss, " of ", c.mixture[:24]), func(t *testing.T) {
			t.Parallel()
			p := pairs(t, c.mixture)
			if len(p.Weights()) > 2 {
				p = centred(t, p)
			}
			certificate, err := proof.Prove(named(t, c.loss), p, gmm.Form{})
			if err != nil {
				t.Fatal(err)
			}
			theorem, err := proof.Check(written(t, certificate))
			if err != nil {
				t.Fatal(err)
			}
			want := oracle.Holds
			if c.margin < 0 {
				want = oracle.Refuted
			}
			t.Logf("%s", theorem.Bound())
			if margin, _ := theorem.Margin.Float64(); theorem.Verdict != want || margin > math.Abs(c.margin) || margin < 0.5*math.Abs(c.margin) {
				t.Errorf("%v with a margin of %g, want %v and a little less than %g", theorem.Verdict, margin, want, math.Abs(c.margin))
			}
			opposite(t, certificate)
		})
	}
}

// opposite checks that a certificate does not prove the contrary of its verdict, with or without a witness.
func opposite(t *testing.T, c proof.Certificate) {
	t.Helper()
	c.Verdict = oracle.Holds + oracle.Refuted - c.Verdict
	witness := c.Witness
	for _, c.Witness = range [][]*big.Rat{witness, nil, {big.NewRat(1, 1), new(big.Rat)}, {new(big.Rat), big.NewRat(1, 1)}} {
		if theorem, err := proof.Check(c); !errors.Is(err, proof.ErrRefused) {
			t.Errorf("%v is accepted: %v", theorem.Verdict, err)
		}
	}
}

func named(t testing.TB, w proof.Words) proof.Loss {
	t.Helper()
	loss, err := proof.Named(w)
	if err != nil {
		t.Fatal(err)
	}
	return loss
}

func centred(t testing.TB, p gmm.Pairs) gmm.Pairs {
	t.Helper()
	p, err := p.Centre()
	if err != nil {
		t.Fatal(err)
	}
	return p
}
