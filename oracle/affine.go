package oracle

import (
	"math"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Affine is the InfoNCE loss of affine representations f(x) = Aᵀx + b of one modality, stated of pairs whose mean is 0: the least value over c = Ab for each M = AAᵀ,
//
//	g(M) = min_c −E[xᵀMx̂ + c·x + c·x̂] + E_x log E_y exp(xᵀMy + c·x + c·y),
//
// (x, x̂) a positive pair, x and y independent. It is 1-strongly convex in whitened coordinates, as the loss is in M and c together (enclosure.Affine): D²g[V,V] ≥ ⟨V², I + C⟩.
// M* = 0 iff δB = 0, as at M = 0 the best c is 0, and ∇g(0) = −δB. With K = 2 M* ≠ 0 is all of the centred Fisher subspace, a line.
//
// A minimiser (A, b) exists iff the best c at M* is in the range of M*: where M_u ≻ 0 on that subspace, it is; else it is judged (Findings.Existence).
var Affine = Loss{
	Name: "affine", admits: gmm.Pairs.WantOneModality, metric: whitened.Mean, modulus: strongly(1), steady: true, affine: true,
	sum: func(at *point) enclosure.Sum {
		t := enclosure.NewAffine(at.left, at.m, at.delta, at.seeds[0])
		if at.own != nil {
			t.Refuse(enclosure.ErrOwnAffine)
		}
		if len(at.loss.linear) == len(at.left.W) {
			t.Begin(at.left.Representation(mat.NewDense(len(at.loss.linear), 1, at.loss.linear)))
		}
		return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Mean, Terms: []enclosure.Term{t}}
	},
	vanishes: uninformative, sampled: infonceSampled,
	ownTerm: func(*point, *mat.Dense) (steepest, radius float64) { return math.Inf(1), 0 },
}

// settleAffine judges components with covariances of their own, in no numbers: Col(A*) lies in E_c, the envelope of differences, which is that of centred pairs, by Jensen's inequality, as the mean of what is across it goes
// into the bias; so that containment in S_c holds where E_c is S_c. Whether it fails where that is larger, whether S_c is kept, and whether A* exists, stays Undecided.
func (l Loss) settleAffine(f *Findings, p gmm.Pairs) {
	l.settleOwn(f, p)
	f.Evidence.Rule = "none: " + strings.TrimPrefix(enclosure.ErrOwnAffine.Error(), "oracle: ")
}
