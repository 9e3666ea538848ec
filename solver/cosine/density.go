package cosine

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// gaussians are the laws N(ν_k, G) of embeddings u in R^r: means are r×K, covariance is G ≻ 0, seen through its Cholesky factor.
type gaussians struct {
	means     *mat.Dense
	precision *mat.Dense // P = G⁻¹
	root      *mat.Dense // R, upper triangular, with P = RᵀR
	scale     float64    // √|P|/(2π)^{r/2}
	widths    []float64  // the standard deviations, ascending
	axes      *mat.Dense // their directions, one a column
}

// newGaussians returns false where G is not positive definite as far as rounding tells.
func newGaussians(means *mat.Dense, covariance *mat.SymDense) (gaussians, bool) {
	g := gaussians{means: means}
	r := covariance.SymmetricDim()
	var eigen mat.EigenSym
	if !eigen.Factorize(covariance, true) {
		return g, false
	}
	values := eigen.Values(nil)
	if !(values[0] > 0x1p-48*values[r-1]) {
		return g, false
	}
	for _, x := range values {
		g.widths = append(g.widths, math.Sqrt(x))
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	g.axes = &vectors
	g.root, g.precision = mat.NewDense(r, r, nil), mat.NewDense(r, r, nil)
	g.scale = 1
	for i, x := range values {
		g.scale /= math.Sqrt(2 * math.Pi * x)
		for j := range r {
			g.root.Set(i, j, vectors.At(j, i)/math.Sqrt(x))
		}
	}
	g.precision.Mul(g.root.T(), g.root)
	return g, true
}

// turned is seen along other axes, the orthonormal columns of a matrix.
func (g gaussians) turned(axes *mat.Dense) gaussians {
	var means, root, precision mat.Dense
	means.Mul(axes.T(), g.means)
	root.Mul(g.root, axes)
	precision.Mul(root.T(), &root)
	g.means, g.root, g.precision = &means, &root, &precision
	return g
}

// radial are the moments ∫ρ^j φ_k(ρe) dρ, ρ > 0, at each point e: j = r−1, which is the density of u/‖u‖, r and r + 1.
type radial struct{ moments [3][]float64 }

// at computes the moments of component k at unit vectors.
//
// With z = Re and y = Rν the exponent is −½aρ² + bρ − ½‖y‖², a = ‖z‖², b = ⟨z, y⟩, and with D = b/√a
// J₀ = √(2π/a) Φ(D) e^{−½(‖y‖² − D²)}, J_{j+1} = (j J_{j−1} + b J_j)/a, to which J₀ adds the boundary e^{−½‖y‖²}.
func (g gaussians) at(k int, points [][]float64) radial {
	r := len(points[0])
	var out radial
	for i := range out.moments {
		out.moments[i] = make([]float64, len(points))
	}
	y, z := make([]float64, r), make([]float64, r)
	root := g.root.RawMatrix().Data
	times := func(into, x []float64) {
		for i := range r {
			into[i] = 0
			for j, v := range x {
				into[i] += root[i*r+j] * v
			}
		}
	}
	times(y, mat.Col(nil, k, g.means))
	edge := g.scale * math.Exp(-floats.Dot(y, y)/2)
	var j [5]float64
	for i, e := range points {
		times(z, e)
		var a, b float64
		for l, x := range z {
			a += x * x
			b += x * y[l]
		}
		var across float64 // ‖y‖² − D²
		for l, x := range z {
			off := y[l] - b/a*x
			across += off * off
		}
		d := b / math.Sqrt(a)
		j[0] = g.scale * math.Sqrt(2*math.Pi/a) * math.Erfc(-d/math.Sqrt2) / 2 * math.Exp(-across/2)
		j[1] = (edge + b*j[0]) / a
		for l := 2; l <= r+1; l++ {
			j[l] = (float64(l-1)*j[l-2] + b*j[l-1]) / a
		}
		for l := range 3 {
			out.moments[l][i] = j[r-1+l]
		}
	}
	return out
}

// slopes are the derivatives of Σ_i h(i) p_k(e_i) in ν_k and G, to which they are added, for weights h.
//
//	∂p/∂ν = P(e J_r − ν J_{r−1}),  ∂p/∂G = ½(P[eeᵀJ_{r+1} − (eνᵀ + νeᵀ)J_r + ννᵀJ_{r−1}]P − PJ_{r−1})
func (g gaussians) slopes(k int, m radial, points [][]float64, h []float64, mean []float64, covariance *mat.Dense) {
	r := len(mean)
	ν := mat.Col(nil, k, g.means)
	var total float64
	first, second := make([]float64, r), mat.NewDense(r, r, nil)
	square := second.RawMatrix().Data
	for i, e := range points {
		total += h[i] * m.moments[0][i]
		one, two := h[i]*m.moments[1][i], h[i]*m.moments[2][i]
		for a, x := range e {
			first[a] += one * x
			for b, y := range e {
				square[a*r+b] += two * x * y
			}
		}
	}
	inner := make([]float64, r)
	for a := range r {
		inner[a] = first[a] - total*ν[a]
		for b := range r {
			square[a*r+b] += total*ν[a]*ν[b] - first[a]*ν[b] - ν[a]*first[b]
		}
	}
	var out mat.VecDense
	out.MulVec(g.precision, mat.NewVecDense(r, inner))
	floats.Add(mean, out.RawVector().Data)
	var half, whole mat.Dense
	half.Mul(g.precision, second)
	whole.Mul(&half, g.precision)
	for a := range r {
		for b := range r {
			covariance.Set(a, b, covariance.At(a, b)+(whole.At(a, b)-total*g.precision.At(a, b))/2)
		}
	}
}
