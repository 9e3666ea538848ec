package theorems

import (
	"fmt"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/noncontrastive"
	minima "contrastcheck/solver/noncontrastive"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// simsiamContainment: SimSiam of whitened embeddings, AᵀE[xxᵀ]A = I, with the best linear predictor keeps to S_F as long as that has room: it finds the leading eigenvectors of (T_δ, S₂), which
// at δ = 1 is LDA.
//
// Hypotheses: any mixture, with a shared covariance or own ones; δ > 0; r ≤ s. A minimum is searched by a projected gradient, and its loss and noise are computed in rationals; the least loss comes from the
// eigenvalues of a K×K matrix. L(A) ≥ L* + τ_r² e(A) for all A, e the noise, of which the matrix found leaves minimisers less than 1: none, as theirs is a whole number. The suite finds that it holds.
var simsiamContainment = Claim{
	ID:         "simsiam-containment",
	Statement:  "SimSiam, whitened (AᵀS₂A = I), δ > 0, r ≤ s: Col(A*) ⊆ S_F",
	Source:     "leading eigenvectors of (T_δ, S₂), of which only s eigenvalues are not 0: the paper's second version treats SimSiam",
	Hypotheses: "Any mixture, with a shared covariance or own ones; δ > 0; r ≤ dim S_F; embeddings whitened, the best linear predictor",
	Drawn:      "Mixtures of several families with one more coordinate mixed in, and mixtures with own covariances; 1 to dim S_F columns; δ > 0",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "leak",
	Subject: Subject{Law: SingleLaw, Complete: columns((*gmm.Mixture).FisherDimension)}.about(besideFisher),
	Draw:    rapid.Map(columned(), func(c Case) Case { c.Columns = 1 + c.Columns%c.Pairs.Left.FisherDimension(); return c }),
	Check:   func(c Case) Outcome { return whitenedSearch.contained(c) },
}

// columned draws a mixture whose means are not all 0, beside noise, and a number that chooses the columns.
func columned() *rapid.Generator[Case] {
	mixtures := rapid.OneOf(roomy(generators.Distinct()), roomy(generators.CentredDistinct()), roomy(generators.NearOutlier()), roomy(generators.Collinear()), rapid.Map(generators.General(), (*gmm.Mixture).Embed)).
		Filter(func(m *gmm.Mixture) bool { return m.FisherDimension() > 0 && m.FisherDimension() < m.Dimension() })
	return rapid.Custom(func(t *rapid.T) Case {
		return Case{Pairs: pairsOf(mixtures, generators.Informative()).Draw(t, "pairs"), Columns: rapid.IntRange(0, 5).Draw(t, "columns"), Seed: seed(t)}
	})
}

// whitening is how a minimum is searched and judged; fields, so that tests can plant wrong ones.
type whitening struct {
	search func(p gmm.Pairs, r int, seed uint64) (*mat.Dense, error)
	judge  func(p gmm.Pairs, a *mat.Dense) (noncontrastive.Whitened, error)
}

var whitenedSearch = whitening{minima.Whitened, noncontrastive.JudgeWhitened}

// found is what is known of the minimum that a search ends at.
func (f whitening) found(c Case, r int) (noncontrastive.Whitened, error) {
	a, err := f.search(c.Pairs, r, c.Seed)
	if err != nil {
		return noncontrastive.Whitened{}, err
	}
	if _, columns := a.Dims(); columns != r {
		return noncontrastive.Whitened{}, fmt.Errorf("theorems: expected %d columns of a search, found %d", r, columns)
	}
	return f.judge(c.Pairs, a)
}

func (f whitening) contained(c Case) Outcome {
	w, err := f.found(c, c.Columns)
	if err != nil {
		return undecided(err)
	}
	o := Outcome{Grade: oracle.Bounded, Value: w.Noise, Detail: whitenedDetail(w, c.Columns)}
	switch {
	case w.Beaten() || w.Forced > 0 && whole(w):
		o.Verdict = oracle.Refuted
	case whole(w):
		o.Verdict = oracle.Holds
	}
	return o
}

// whole tells that minimisers have no noise but what is forced: less than 1, beyond rounding, of what is a whole number. Where L is stationary, HBN = BN² in coordinates in which S₂ is the identity, B being the columns of A there, H that
// of T_δ and N = BᵀHB, so that H maps the columns' space to itself, as H ⪰ 0 kills Bn where N kills n; their noise is the dimension of what of that space H kills.
func whole(w noncontrastive.Whitened) bool {
	const rounding = 0x1p-40
	return w.Leak() < 1-rounding
}

func whitenedDetail(w noncontrastive.Whitened, r int) string {
	return fmt.Sprintf("r = %d: the least loss is %.6g to ±%.0e; the matrix that a search found leaves minimisers %.0e of noise at most beside the %d forced", r, w.Least, w.Error, w.Leak(), w.Forced)
}
