package soundness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// outcome is one trial beside the truth.
type outcome struct {
	components int
	paired     bool
	grade      oracle.Grade
	verdict    oracle.Verdict
	rule       string
	lambda     float64 // the least eigenvalue or singular value of the exact minimiser
	margin     float64 // that of the candidate, as judged
	epsilon    float64
	claimed    float64
	hidden     float64 // ‖∇f(M̂)‖_d less what a finder blind to the rare components sees of it
	// What the certificate says is at most 1, the distance of the candidate from the minimiser beside
	// epsilon, the weighted one, and the gradient's norm turned into a distance.
	distance, weighted, gradient float64
	wrong                        string // what is false of the verdict, or of a bound
}

// judge writes the product down, has its candidate judged, and compares. What is claimed of the candidate
// is what an honest finder would, one that sees the rare components or one that is blind to them,
// whichever is less, and claim in addition.
func (p product) judge(rng *rand.Rand, s setting, claim float64) (outcome, error) {
	out := outcome{components: p.components(), paired: p.parts[0].text != nil}
	order := make([]int, out.components)
	for k := range order {
		order[k] = k
	}
	if s.permuted {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	w := p.weigh()
	candidate, minimiser := p.blocks(func(x part) *mat.Dense { return x.candidate }), p.blocks(func(x part) *mat.Dense { return x.minimiser })
	gradient, blind := p.blocks(func(x part) *mat.Dense { return x.gradient }), p.blocks(func(x part) *mat.Dense { return x.blind })
	modulus := 1.0
	if out.paired {
		modulus = 2
	}
	var diff, missed mat.Dense
	diff.Sub(candidate, minimiser)
	missed.Sub(gradient, blind)
	distance, weighted := w.norm(&diff, frobenius), w.norm(&diff, primal)
	least := math.Sqrt((slices.Min(w.left) + slices.Min(w.right)) / 2)
	fromGradient := w.norm(gradient, dual) / modulus / least
	out.hidden = w.norm(&missed, dual)
	out.claimed = claim + 1.0001*min(w.norm(blind, dual), w.norm(gradient, dual))/modulus
	out.lambda = smallest(minimiser, out.paired)
	m, u, err := p.mixture(visualSide, s, order, rng)
	if err != nil {
		return out, err
	}
	var weightedEpsilon float64
	if out.paired {
		n, v, err := p.mixture(textSide, s, order, rng)
		if err != nil {
			return out, err
		}
		pairs, err := gmm.NewPaired(m, n, gmm.Rationals(1)[0])
		if err != nil {
			return out, err
		}
		w, err := pairs.WhitenFisher()
		if err != nil {
			return out, err
		}
		f := oracle.Judge(oracle.CLIP, pairs, oracle.Candidates{Free: w.Form(turned(turn(w.Left.Means, u), candidate, turn(w.Right.Means, v))), Claimed: out.claimed})
		out.verdict, out.margin = f.Sides[0].Equality, f.Sides[0].Margin
		out.grade, out.epsilon, out.rule = f.Evidence.Grade, f.Evidence.Epsilon, f.Evidence.Rule
	} else {
		delta := gmm.Rationals(p.delta)[0]
		pairs, err := gmm.NewPairs(m, delta)
		if err != nil {
			return out, err
		}
		white, err := pairs.Left.WhitenFisher()
		if err != nil {
			return out, err
		}
		o := turn(white.Means, u)
		v := turned(o, candidate, o)
		form := white.Form(symmetrised(v))
		f := oracle.Judge(oracle.InfoNCE, pairs, oracle.Candidates{Free: form, Constrained: form, Claimed: out.claimed})
		out.verdict, out.margin = f.Equality(), f.Margin()
		out.grade, out.epsilon, out.rule = f.Evidence.Grade, f.Evidence.Epsilon, f.Evidence.Rule
		if f.Evidence.Weighted {
			weightedEpsilon = f.Evidence.WeightedEpsilon
		}
	}
	if math.IsNaN(out.epsilon) { // which bounds nothing
		out.epsilon = math.Inf(1)
		if out.verdict != oracle.Undecided {
			out.wrong = "verdict"
			return out, nil
		}
	}
	// Rounding of means and matrices, of which the truth here knows nothing.
	allowance := 1e-11 * (1 + w.norm(candidate, primal))
	out.distance = max(distance-allowance, 0) / out.epsilon
	out.gradient = max(fromGradient-allowance, 0) / out.epsilon
	if weightedEpsilon > 0 {
		out.weighted = max(weighted-allowance, 0) / weightedEpsilon
	}
	unknown := math.Abs(out.lambda) <= allowance
	switch {
	case out.verdict == oracle.Holds && !unknown && out.lambda < 0, out.verdict == oracle.Refuted && !unknown && out.lambda > 0:
		out.wrong = "verdict"
	case out.distance > 1 || out.weighted > 1:
		out.wrong = "distance"
	case out.gradient > 1:
		out.wrong = "gradient"
	}
	return out, nil
}

// turned is LMRᵀ.
func turned(left, m, right mat.Matrix) *mat.Dense {
	var half, out mat.Dense
	half.Mul(left, m)
	out.Mul(&half, right.T())
	return &out
}

func symmetrised(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			out.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return out
}

// smallest is the least eigenvalue of a symmetric matrix, or the least singular value.
func smallest(m *mat.Dense, singular bool) float64 {
	if singular {
		var svd mat.SVD
		svd.Factorize(m, mat.SVDNone)
		return slices.Min(svd.Values(nil))
	}
	var e mat.EigenSym
	e.Factorize(symmetrised(m), false)
	return e.Values(nil)[0]
}

func (o outcome) String() string {
	return fmt.Sprintf("K = %d, %v by %v (%s): margin %.4g, epsilon %.3g, claimed %.3g, truth %.10g, missed %.3g; ratios: distance %.3g, weighted %.3g, gradient %.3g",
		o.components, o.verdict, o.grade, o.rule, o.margin, o.epsilon, o.claimed, o.lambda, o.hidden, o.distance, o.weighted, o.gradient)
}
