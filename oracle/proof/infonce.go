package proof

import (
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// InfoNCE is the loss with infinitely many negatives and dot products as scores,
//
//	f(M) = −⟨M, T_δ⟩ + ½⟨M², I + C⟩ + E_x log Σ_k w_k exp(xᵀMμ_k), whitened.
//
// It is 1-strongly convex.
var InfoNCE = Loss{}

var infoNCEKind = kind{
	title: "InfoNCE", subspace: "S_F", admits: gmm.Pairs.WantSingle, model: gmm.SharedModel, see: asTheyAre,
	exactly: func(x coordinates) (oracle.Verdict, Method, bool) {
		if verdict, by, ok := x.exactlyShifted(); ok {
			return verdict, by, ok
		}
		if x.orthogonalMean() {
			return oracle.Refuted, ByOrthogonalMean, true
		}
		return oracle.Undecided, "", false
	},
	objective: func(x coordinates) objective { return infoNCE{x} },
}

// infoNCE is the loss beside pairs.
type infoNCE struct{ coordinates }

func (x infoNCE) start() point { return x.origin() }

// gradient encloses
//
//	Γ = −T + N + ½(NgC + CgN) + ½(H + Hᵀ)
//	T = δ Σ w ccᵀ + (1−δ) c̄c̄ᵀ,   C = Σ w ccᵀ,   H = Σ_k h_k c_kᵀ,   W h_k = E[x p_k(x)].
func (x infoNCE) gradient(c *interval.Context, at point, accuracy float64) (slope, error) {
	gamma, _, err := x.gradientAt(c, at, accuracy)
	return slope{form: gamma}, err
}

// gradientAt encloses Γ, with the moments of the softmax, of log-weights that have γᵀb_k besides where a point has a γ.
func (x infoNCE) gradientAt(c *interval.Context, at point, accuracy float64) (enclosed, anchoredMoments, error) {
	softmax, directions := x.contrasts(at.form)
	if at.shift != nil {
		softmax.add(x.b.Apply(at.shift))
	}
	m, err := x.anchored(c, softmax, directions, accuracy)
	if err != nil {
		return nil, m, err
	}
	half := big.NewRat(1, 2)
	quadratic := at.form.Times(x.gram).Times(scatter(x.weights, x.c))
	exact := at.form.Plus(half, quadratic).Plus(half, quadratic.Transposed()).
		Plus(big.NewRat(-1, 1), pairMoment(x.weights, x.delta, x.c))
	gamma := x.symmetricProduct(c, m.points)
	for a, row := range gamma {
		for b := range row {
			row[b] = c.Add(c.FromRat(exact[a][b]), row[b])
		}
	}
	return gamma, m, c.Err()
}

func (x infoNCE) ball(at point, e effort) (ball, error) { return x.stronglyConvex(x, at, e) }

// least refuses matrices that are far from any minimiser, too: |M_u| ≤ |∇f(0)|.
func (x infoNCE) least(at point) (ball, error) {
	const twice = 4 // squared: enough for any M̂ that is near M_u
	if limit := x.startingSlope(); at.form.SquaredNorm(x.gram).Cmp(limit.Mul(limit, big.NewRat(twice, 1))) > 0 {
		return ball{}, refused("‖M̂‖² ≤ 4‖∇f(0)‖² = %s, as ‖M_u‖ ≤ ‖∇f(0)‖", "%s", short(limit), short(at.form.SquaredNorm(x.gram)))
	}
	return x.leastStronglyConvex(x, at)
}

// anchoredMoments are those of a softmax p over components: W points_k = E[x p_k(x)], and weights_k = E p_k(x).
type anchoredMoments struct {
	points  enclosed // K rows
	weights []interval.Interval
}

// anchored encloses the moments of a softmax of contrasts(N):
//
//	points_k = Σ_j w_j [ c_j E_j p_k + Σ_i f_i E_j[t_i p_k]/√D_i ]
//
// as x − Wg⁻¹WᵀΣ⁻¹x is independent of WᵀΣ⁻¹x, and so of p, with mean 0: for the same reason a gradient has no part outside the
// span of W.
//
// Its errors are ErrNotProved, if the rule would be out of reach, and the context's.
func (x coordinates) anchored(c *interval.Context, softmax softmax, directions rational.Matrix, accuracy float64) (anchoredMoments, error) {
	rule, err := newRule(c, softmax, accuracy)
	if err != nil {
		return anchoredMoments{}, err
	}
	points, weights := newSums(c, len(x.weights), x.dimension()), newSums(c, 1, len(x.weights))
	for j, w := range x.weights {
		moments := softmax.moments(c, rule, j)
		for k, p := range moments[0] {
			weights[0][k].AddMul(c.FromRat(w), p)
			for a, entry := range x.c[j] {
				points[k][a].AddMul(c.FromRat(new(big.Rat).Mul(w, entry)), p)
			}
		}
		for i, direction := range directions {
			scale := c.Quo(c.FromRat(w), c.Sqrt(c.FromRat(softmax.contrasts.Diagonal[i])))
			for k := range points {
				share := c.Mul(scale, moments[1+i][k])
				for a, entry := range direction {
					points[k][a].AddMul(share, c.FromRat(entry))
				}
			}
		}
	}
	return anchoredMoments{enclosures(points), enclosures(weights)[0]}, c.Err()
}

// symmetricProduct encloses ½(H + Hᵀ), H = Σ_k h_k c_kᵀ.
func (x coordinates) symmetricProduct(c *interval.Context, h enclosed) enclosed {
	half, s := big.NewRat(1, 2), x.dimension()
	sums := newSums(c, s, s)
	for a := range s {
		for b := range s {
			for k := range h {
				sums[a][b].AddMul(h[k][a], c.FromRat(new(big.Rat).Mul(half, x.c[k][b])))
				sums[a][b].AddMul(h[k][b], c.FromRat(new(big.Rat).Mul(half, x.c[k][a])))
			}
		}
	}
	return enclosures(sums)
}

// startingSlope returns ‖∇f(0)‖² = δ²‖C − μ̄μ̄ᵀ‖², which ‖M_u‖² is not above, by strong convexity.
func (x coordinates) startingSlope() *big.Rat {
	square := x.between().SquaredNorm(x.gram)
	return square.Mul(square, new(big.Rat).Mul(x.delta, x.delta))
}

// orthogonalMean tells whether μ̄ ≠ 0 and BΣ⁻¹μ̄ = 0: then all means have one coordinate along μ̄.
func (x coordinates) orthogonalMean() bool {
	average := mean(x.weights, x.c)
	return !zero(average) && zero(x.between().Apply(x.gram.Apply(average)))
}

func zero(v []*big.Rat) bool {
	for _, x := range v {
		if x.Sign() != 0 {
			return false
		}
	}
	return true
}

func asTheyAre(p gmm.Pairs) (gmm.Pairs, error) { return p, nil }
