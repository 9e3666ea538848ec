package whitened

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Graded is a mixture in s coordinates of its Fisher subspace, in which the covariance is the identity, known so well along every coordinate as the means are long
// there: however short a direction of the means is, its part of them has its own digits. W is diagonal to rounding.
type Graded struct {
	*Mixture
	// Errors bound |mean − exact mean| along each coordinate, s, for exact orthonormal coordinates.
	Errors []float64
	// Lengths are the largest parts of a mean along each coordinate, s.
	Lengths []float64
	// Vectors v_i and Covectors Σ⁻¹v_i are the coordinates' own in original coordinates, d×s, to rounding: y_i = (Σ⁻¹v_i)ᵀx, and x = Σ y_i v_i up to what S_F does not see.
	Vectors, Covectors *mat.Dense
}

// SeeGraded finds such coordinates by Gram and Schmidt, in double-double, always of the longest mean that is left.
//
// With vectors q_i, μ_k = Σ_i c_ki q_i + ε_k, where the sum ends with what was computed of μ_k, so that ε_k is its rounding and the rest, in original coordinates; Σ ⪰ λ_min I
// makes |L⁻¹ε_k| ≤ |ε_k|/√λ_min. The Gram matrix Θ = QᵀΣ⁻¹Q = I + E is verified as verifiedGram does it. With Θ = ΛΛᵀ, Λ lower triangular, the coordinates Λᵀc_k
// belong to exact orthonormal vectors; ‖Λ − I‖_F ≤ 2‖E‖_F for ‖E‖_F ≤ ¼, and as Λᵀ is upper triangular a coordinate takes from the shorter ones after it alone:
//
//	|(Λᵀc_k − c_k)_i| ≤ 2‖E‖_F √(Σ_{j≥i} c_kj²).
//
// The span of the q_i is S_F up to the ε_k: the coordinates of exact means on it are off by |L⁻¹ε_k| at most, and S_F is the graph of a map T from it to what is across,
// T y_k = ε_k, |T_i| ≤ max|L⁻¹ε_k|/n_i, n_i² = Σ w_k y_ki², as the coordinates are orthogonal so. The isometry (I + TᵀT)^½ between the two changes (y_k)_i by ½|T_i||L⁻¹ε_k|, less
// than another |L⁻¹ε_k| where that is no more than n_i/8, which is asked for; so what is lost counts twice.
//
// Rotations of two coordinates (one-sided Jacobi) then make W diagonal. Each mixes errors as it mixes coordinates, and rounds what it makes of either.
func SeeGraded(m *gmm.Mixture) (*Graded, error) {
	s := m.FisherDimension()
	q, hints, c, err := orthogonal(m, s)
	if err != nil {
		return nil, err
	}
	off := identityDefect(m, q, hints)
	if !(off <= 0.25) {
		return nil, ErrFrame
	}
	k, d := m.Components(), m.Dimension()
	g := &Graded{Mixture: &Mixture{Weights: m.Weights(), LogWeights: m.LogWeights(), Means: mat.NewDense(s, k, nil)},
		Errors: make([]float64, s), Vectors: mat.NewDense(d, s, nil), Covectors: mat.NewDense(d, s, nil)}
	for i, column := range q {
		for row, x := range column {
			g.Vectors.Set(row, i, x.Float64())
			g.Covectors.Set(row, i, hints[i][row].Float64())
		}
	}
	least, farthest := math.Sqrt(m.LeastVariance()), 0.0
	for j, mean := range m.DoubledMeans() {
		size, left := dd.Norm(mean), make([]dd.Number, d)
		copy(left, mean)
		for i, x := range c[j] {
			g.Means.Set(i, j, x.Float64())
			size += math.Abs(x.Hi) * dd.Norm(q[i])
			for row := range left {
				left[row] = left[row].Sub(x.Mul(q[i][row]))
			}
		}
		lost := 2 * (dd.Norm(left) + 8*float64(s+2)*dd.Epsilon*size) / least
		tail := 0.0
		farthest = max(farthest, lost)
		for i := s - 1; i >= 0; i-- {
			tail = math.Hypot(tail, g.Means.At(i, j))
			g.Errors[i] = max(g.Errors[i], 2*off*tail+lost+dense.Roundoff*math.Abs(g.Means.At(i, j)))
		}
	}
	g.diagonalise()
	for i, shortest := range g.spreads() {
		if !(8*farthest <= shortest) || !(8*g.Errors[i] <= g.Lengths[i]) {
			return nil, ErrFrame
		}
	}
	return g, nil
}

// spreads are √(Σ w_k y_ki²) of the coordinates, without the 1 of W.
func (g *Graded) spreads() []float64 {
	out := make([]float64, len(g.W))
	for i := range out {
		for k, w := range g.Weights {
			out[i] = math.Hypot(out[i], math.Sqrt(w)*g.Means.At(i, k))
		}
	}
	return out
}

// orthogonal returns s vectors q and Σ⁻¹q, d long, in double-double, and the coefficients of the means in them, K×s.
func orthogonal(m *gmm.Mixture, s int) (q, hints, c [][]dd.Number, err error) {
	k, d := m.Components(), m.Dimension()
	rest, precision := table(k, d), table(k, d)
	for j := range k {
		copy(rest[j], m.DoubledMeans()[j])
		copy(precision[j], m.Gram().Precision[j])
	}
	c = table(k, s)
	for i := range s {
		best, longest := 0, dd.Of(0)
		for j := range k {
			if length := dd.Dot(rest[j], precision[j]); length.Hi > longest.Hi {
				best, longest = j, length
			}
		}
		if !(longest.Hi > 0) {
			return nil, nil, nil, ErrFrame
		}
		vector, hint, length := make([]dd.Number, d), make([]dd.Number, d), longest.Sqrt()
		for row := range d {
			vector[row], hint[row] = rest[best][row].Div(length), precision[best][row].Div(length)
		}
		q, hints = append(q, vector), append(hints, hint)
		for j := range k {
			c[j][i] = dd.Dot(hint, rest[j])
			for row := range d {
				rest[j][row] = rest[j][row].Sub(c[j][i].Mul(vector[row]))
				precision[j][row] = precision[j][row].Sub(c[j][i].Mul(hint[row]))
			}
		}
	}
	return q, hints, c, nil
}

// identityDefect bounds ‖QᵀΣ⁻¹Q − I‖_F, given approximations of Σ⁻¹q.
func identityDefect(m *gmm.Mixture, q, hints [][]dd.Number) float64 {
	sigma := m.DoubledCovariance()
	d := len(sigma)
	residuals := table(len(q), d)
	var trace, sum float64
	for row := range d {
		trace += sigma[row][row].Hi
		for i := range q {
			residuals[i][row] = q[i][row].Sub(dd.Dot(sigma[row], hints[i]))
		}
	}
	rounding := 8 * float64(d+2) * dd.Epsilon
	for i := range q {
		for j := range q {
			entry := dd.Dot(q[i], hints[j]).Add(dd.Dot(hints[i], residuals[j]))
			if i == j {
				entry = entry.Sub(dd.Of(1))
			}
			size := dd.Norm(q[i])*dd.Norm(hints[j]) + trace*dd.Norm(hints[i])*dd.Norm(hints[j])
			off := math.Abs(entry.Float64()) + dd.Norm(residuals[i])*dd.Norm(residuals[j])/m.LeastVariance() + rounding*size
			sum += off * off
		}
	}
	return math.Sqrt(sum)
}

// diagonalise turns pairs of coordinates until Σ w_k μ_kμ_kᵀ is diagonal to rounding.
func (g *Graded) diagonalise() {
	s, k := g.Means.Dims()
	const sweeps = 30
	for range sweeps {
		turned := false
		for i := range s {
			for j := range i {
				var a, b, product float64
				x, y := g.Means.RawRowView(i), g.Means.RawRowView(j)
				for l, w := range g.Weights {
					a, b, product = a+w*x[l]*x[l], b+w*y[l]*y[l], product+w*x[l]*y[l]
				}
				if math.Abs(product) <= 4*float64(k)*dense.Roundoff*math.Sqrt(a*b) {
					continue
				}
				turned = true
				zeta := (b - a) / (2 * product)
				tan := math.Copysign(1/(math.Abs(zeta)+math.Hypot(1, zeta)), zeta)
				g.turnPair(i, j, 1/math.Hypot(1, tan), tan/math.Hypot(1, tan))
			}
		}
		if !turned {
			break
		}
	}
	g.W, g.Lengths = make([]float64, s), make([]float64, s)
	for i := range s {
		g.W[i] = 1
		for l, w := range g.Weights {
			x := g.Means.At(i, l)
			g.W[i] += w * x * x
			g.Lengths[i] = max(g.Lengths[i], math.Abs(x))
		}
	}
}

// turnPair replaces coordinates x and y by cx − sy and sx + cy. As c² + s² is 1 to a few roundings, that is a rotation and a relative
// change of so much.
func (g *Graded) turnPair(i, j int, c, s float64) {
	largest := func(row []float64) (most float64) {
		for _, x := range row {
			most = max(most, math.Abs(x))
		}
		return most
	}
	x, y := g.Means.RawRowView(i), g.Means.RawRowView(j)
	a, b := largest(x), largest(y)
	const roundings = 8
	g.Errors[i], g.Errors[j] = c*g.Errors[i]+math.Abs(s)*g.Errors[j]+roundings*dense.Roundoff*(c*a+math.Abs(s)*b),
		math.Abs(s)*g.Errors[i]+c*g.Errors[j]+roundings*dense.Roundoff*(math.Abs(s)*a+c*b)
	for l := range x {
		x[l], y[l] = c*x[l]-s*y[l], s*x[l]+c*y[l]
	}
	for _, of := range []*mat.Dense{g.Vectors, g.Covectors} {
		d, _ := of.Dims()
		for row := range d {
			v, u := of.At(row, i), of.At(row, j)
			of.Set(row, i, c*v-s*u)
			of.Set(row, j, s*v+c*u)
		}
	}
}
