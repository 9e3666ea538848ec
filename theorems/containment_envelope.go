package theorems

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/subspace"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// containmentEnvelope: whitened by Σ̄, let E be the smallest subspace that contains the means and that every Σ_k maps into itself, and P_E its projector. Then for every convex
// loss of dot scores, every representation, δ and r
//
//	L(A) ≥ L(P_E A) + (c/2) tr(V²W),   V = M − P_E M P_E,
//
// W = I + C, and c = min λ_min(Σ_k) for InfoNCE of infinitely many negatives; of CLIP, with an envelope in each modality, the last term is ½(c_V + c_T)‖V‖²_F, of the
// Donsker–Varadhan loss ½c²‖V‖²_F, and of others 0. So Col(A*) ⊆ E.
//
// Hypotheses: any mixture with own covariances, any δ, r and A. Checked at random A without a solver, for the loss that the seed chooses: by evaluating it, or where there is no such
// formula by sampling its definition at A and P_E A with the same points, to 6 standard errors; and for InfoNCE by a blind solve in all d dimensions, of which the oracle
// bounds the distance to M*. Source: own proof; given the labels Qx is independent of Px and has the mean 0, so that Jensen's inequality applies. S_F ⊆ E, and where E is S_F this is containment as
// printed, with no shared covariance; where it is not, see containment-own-covariance, containment-stable, containment-group and envelope-necessary. The suite finds that it holds.
var containmentEnvelope = Claim{
	ID:         "containment-envelope",
	Statement:  "With own covariances Col(A*) ⊆ E, the simultaneous envelope, for every convex loss of dot scores: L(A) ≥ L(P_E A)",
	Source:     "own proof: Jensen's inequality given the labels, as E reduces every Σ_k",
	Hypotheses: "Any mixture whose components have their own covariances; any δ, r and representation A",
	Drawn:      "Mixtures with a planted envelope or a faint coupling, hidden, and with one more coordinate mixed in; in a fifth of the draws two modalities; A of 1 to 3 columns; the seed chooses the loss",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "slack",
	Subject: Subject{Law: AnyOwnLaw, Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: encoded(2)},
	Draw:    gentle(rapid.OneOf(ownRepresented(), ownRepresented(), ownRepresented(), ownRepresented(), ownPaired())),
	Check:   checkContainmentEnvelope,
}

// ownRepresented draws a mixture whose envelope is smaller than the space, mostly, with a representation.
func ownRepresented() *rapid.Generator[Case] {
	return represented(pairsOf(rapid.OneOf(generators.Enveloped(), roomy(generators.Coupled()), roomy(generators.GeneralOf(2, 3, 1, 3)), roomy(generators.Tilted())), generators.Delta()))
}

// ownPaired draws two modalities of own covariances, with an envelope in each.
func ownPaired() *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		left := generators.Enveloped().Draw(t, "visual")
		e := left.Exact()
		order := rapid.Permutation(indices(left.Components())).Draw(t, "partners")
		other := e
		other.Means, other.Covariances = nil, nil
		for _, k := range order {
			other.Means, other.Covariances = append(other.Means, e.Means[k]), append(other.Covariances, e.Covariances[k])
		}
		right, err := gmm.NewExact(other)
		if err == nil {
			right, err = right.Transform(generators.Transformation(left.Dimension()).Draw(t, "T"))
		}
		if err != nil {
			panic("theorems: " + err.Error())
		}
		p, err := gmm.NewPaired(left, right, generators.Delta().Draw(t, "delta"))
		if err != nil {
			panic("theorems: " + err.Error())
		}
		r := rapid.IntRange(1, 2).Draw(t, "columns")
		return Case{Pairs: p, Seed: seed(t), A: generators.Representation(left.Dimension(), r).Draw(t, "A"),
			Other: generators.Representation(left.Dimension(), r).Draw(t, "B")}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func checkContainmentEnvelope(c Case) Outcome {
	l := losses.CLIP
	if c.Pairs.Modalities() == 1 {
		c.Pairs = c.Pairs.Apart()
		l = ofDots(c.Seed)
	}
	bases, ok := envelopes(c.Pairs)
	if !ok {
		return Outcome{Detail: "the envelope is not known"}
	}
	o := projectingLowers(l, c, bases)
	if everything := len(bases[0]) == len(bases[0][0]); c.Pairs.Modalities() == 2 || o.Verdict != oracle.Holds || everything || c.Pairs.Uninformative() {
		return o
	}
	defect, verdict := leavesBlindly(c, bases[0])
	o.Verdict = verdict
	o.Detail += fmt.Sprintf("; found blindly, M* leaves E by at most %.0e of its size", defect)
	return o
}

// leavesBlindly bounds the part of its size by which M* of InfoNCE leaves a subspace, at what a blind solve finds.
func leavesBlindly(c Case, basis [][]*big.Rat) (defect float64, verdict oracle.Verdict) {
	const fine, nearly = 1e-10, 1e-4 // own covariances leave the least of them of the convexity: bounds are coarse
	found, err := solver.Minimise(solver.InfoNCE, c.Pairs, solver.Options{Method: solver.Blind, Seed: c.Seed, Tolerance: fine})
	if err != nil {
		return math.Inf(1), oracle.Undecided
	}
	inside := oracle.JudgeWithin(oracle.InfoNCE, c.Pairs, basis, found.Constrained.Form, nearly)
	return inside.Defect, inside.Containment
}

// envelopes are bases of the envelope of each modality.
func envelopes(p gmm.Pairs) (bases [][][]*big.Rat, known bool) {
	for _, m := range []*gmm.Mixture{p.Left, p.Right}[:p.Modalities()] {
		e := m.Envelope()
		if !e.Known() {
			return nil, false
		}
		bases = append(bases, e.Basis())
	}
	return bases, true
}

// ofDots is the convex loss of dot scores of one modality that a number chooses, with other parameters.
func ofDots(number uint64) losses.Loss {
	all := slices.DeleteFunc(losses.All(), func(l losses.Loss) bool { return l.Differences() || l.Name() == losses.CLIP.Name() })
	n := uint64(len(all))
	return all[number%n].Other(number / n)
}

// projectingLowers compares a loss at representations with that at their projections on subspaces, one for each modality.
func projectingLowers(l losses.Loss, c Case, bases [][][]*big.Rat) Outcome {
	before := c.encoders()
	for {
		after, err := projected(c.Pairs, before, bases)
		if err != nil {
			return undecided(err)
		}
		o, err := lowers(l, c, before, after)
		if !errors.Is(err, solver.ErrInfinite) {
			if err != nil {
				return undecided(err)
			}
			return o
		}
		half := mat.DenseCopyOf(before.Left) // L(A) = ∞ is no less than anything: the inequality is about less
		half.Scale(0.5, half)
		before.Left = half
	}
}

// projected are the projections.
func projected(p gmm.Pairs, e oracle.Encoders, bases [][][]*big.Rat) (out oracle.Encoders, err error) {
	if out.Left, err = subspace.Onto(p.Left, bases[0], e.Left); err == nil && e.Right != nil {
		out.Right, err = subspace.Onto(p.Right, bases[1], e.Right)
	}
	return out, err
}

// lowers checks L(before) ≥ L(after) + Fall.
func lowers(l losses.Loss, c Case, before, after oracle.Encoders) (Outcome, error) {
	var v mat.Dense
	v.Sub(productOf(before), productOf(after))
	fall, err := l.Oracle.Fall(c.Pairs, &v)
	if err != nil {
		return Outcome{}, err
	}
	if l.Solver.Evaluates(c.Pairs) != nil {
		return lowersSampled(l, c, before, after)
	}
	one, oneOff, err := solver.Evaluate(l.Solver, c.Pairs, before.Left, before.Right)
	if err != nil {
		return Outcome{}, err
	}
	two, twoOff, err := solver.Evaluate(l.Solver, c.Pairs, after.Left, after.Right)
	if err != nil {
		return Outcome{}, err
	}
	// The projection is rounded: relative 1e-13 of the loss's own size.
	const rounding = 1e-13
	d := float64(max(c.Pairs.Left.Dimension(), c.Pairs.Right.Dimension()))
	size := 1 + math.Abs(one) + math.Abs(two) + fall
	o := certainly(oracle.Inequality{Left: one - two, Right: fall, Error: oneOff + twoOff + rounding*size*d*d, Scale: size})
	o.Detail = l.Title + ": " + o.Detail
	return o, nil
}

// productOf is M = A_LA_Rᵀ.
func productOf(e oracle.Encoders) *mat.Dense {
	right := e.Right
	if right == nil {
		right = e.Left
	}
	m := new(mat.Dense)
	m.Mul(e.Left, right.T())
	return m
}

// lowersSampled checks L(before) ≥ L(after) by sampling both, at one bias where there is one.
func lowersSampled(l losses.Loss, c Case, before, after oracle.Encoders) (Outcome, error) {
	const anchors, negatives, most = 4000, 4, 6
	rng := rand.New(rand.NewPCG(c.Seed, 22))
	e, err := oracle.SampledDifference(l.Oracle, c.Pairs, before, after, rng.NormFloat64(), anchors, negatives, rng)
	if err != nil {
		return Outcome{}, err
	}
	z := e.Z(0)
	o := Outcome{Grade: oracle.Estimated, Value: e.Value, Verdict: oracle.Holds, Detail: fmt.Sprintf("%s: L(A) − L(P_E A) is sampled as %.3g ± %.1g", l.Title, e.Value, e.StandardError)}
	if z < -most {
		o.Verdict = oracle.Refuted
	}
	return o, nil
}
