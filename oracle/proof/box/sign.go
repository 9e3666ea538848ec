package box

import (
	"fmt"
	"math"

	"contrastcheck/oracle/interval"

	"gonum.org/v1/gonum/mat"
)

// whitening is about R⁻¹ of the middle's g = RRᵀ, taken exactly as it is, with how far it is from whitening any g of the piece: J g Jᵀ = I + E, ‖E‖ ≤ η < 1, so that g ≻ 0 and
//
//	g⁻¹ = Jᵀ(I + E)⁻¹J ⪯ JᵀJ/(1 − η).
type whitening struct {
	j    *mat.Dense
	root *mat.Dense // about R
	rest number     // 1 − η
}

func (l law) whitening() (whitening, error) {
	s := len(l.g)
	middle := mat.NewSymDense(s, nil)
	for a := range s {
		for b := a; b < s; b++ {
			middle.SetSym(a, b, l.g[a][b].mid.Middle())
		}
	}
	var cholesky mat.Cholesky
	if !cholesky.Factorize(middle) {
		return whitening{}, fmt.Errorf("%w: the covariance is singular", ErrOpen)
	}
	var lower mat.TriDense
	cholesky.LTo(&lower)
	var inverse mat.TriDense
	if err := inverse.InverseTri(&lower); err != nil {
		return whitening{}, fmt.Errorf("%w: the covariance is nearly singular", ErrOpen)
	}
	w := whitening{j: mat.DenseCopyOf(&inverse), root: mat.DenseCopyOf(&lower)}
	eta := distanceFromIdentity(congruent(w.j, l.g))
	w.rest = interval.Exactly(1).Sub(interval.Exactly(eta))
	if !(w.rest.Lo > 0) {
		return whitening{}, fmt.Errorf("%w: the covariance is not positive definite, or varies too much", ErrOpen)
	}
	return w, nil
}

// congruent is JmJᵀ, s×s, of a matrix of floats taken exactly.
func congruent(j *mat.Dense, m matrix) matrix {
	factor := exactFloats(j)
	return factor.times(m).times(factor.transposed())
}

func exactFloats(j mat.Matrix) matrix {
	rows, columns := j.Dims()
	out := newMatrix(rows, columns)
	for a := range out {
		for b := range out[a] {
			out[a][b] = constant(interval.Exactly(j.At(a, b)))
		}
	}
	return out
}

// distanceFromIdentity bounds ‖m − I‖ in the Frobenius norm.
func distanceFromIdentity(m matrix) float64 {
	sum := number{}
	for a, row := range m {
		for b, x := range row {
			if a == b {
				x = x.minus(constant(interval.Exactly(1)))
			}
			size := interval.Exactly(x.all.Magnitude())
			sum = sum.Add(size.Mul(size))
		}
	}
	return sum.Sqrt().Hi
}

// length bounds ε = √tr(g⁻¹Gg⁻¹G) ≤ ‖JGJᵀ‖/(1 − η) over the piece.
func (w whitening) length(gradient matrix) number {
	sum := number{}
	for _, row := range congruent(w.j, gradient) {
		for _, x := range row {
			size := interval.Exactly(x.all.Magnitude())
			sum = sum.Add(size.Mul(size))
		}
	}
	return interval.Exactly(sum.Sqrt().Hi).Quo(w.rest)
}

// shares are what the symbols contribute to ε, about: the lengths of the gradient's slopes.
func (w whitening) shares(gradient matrix, symbols int) []float64 {
	out := make([]float64, symbols)
	for _, row := range congruent(w.j, gradient) {
		for _, x := range row {
			for v, s := range x.slopes {
				out[v] = math.Hypot(out[v], s.Magnitude())
			}
		}
	}
	return out
}

// refuted returns a lower bound m of −λ_min(M_u) over the piece, whitened, which is worth something where it is positive: given vᵀN̂v ≤ −x for all N̂ of the piece and ε,
//
//	vᵀN_uv/vᵀg⁻¹v ≤ vᵀN̂v/vᵀg⁻¹v + ε,   vᵀg⁻¹v ≤ |Jv|²/(1 − η).
func (w whitening) refuted(n matrix, v []number, epsilon number) float64 {
	form := number{}
	value := jet{}
	for a, row := range n {
		for b, x := range row {
			value = value.plus(x.scaled(v[a].Mul(v[b])))
		}
	}
	for a := range v {
		entry := number{}
		for b, y := range v {
			entry = entry.Add(interval.Exactly(w.j.At(a, b)).Mul(y))
		}
		form = form.Add(entry.Mul(entry))
	}
	length := form.Quo(w.rest)
	below := value.all.Neg()
	if !(below.Lo > 0) || !(length.Hi > 0) {
		return 0
	}
	return interval.Exactly(below.Lo).Quo(interval.Exactly(length.Hi)).Sub(epsilon).Lo
}

// confirmed returns a lower bound m of λ_min(M_u) over the piece, whitened, which is worth something where it is positive. Let U be s×s, about R times the eigenvectors of the middle's RᵀN̂R. If
//
//	UᵀN̂U − (ε/(1 − η))(JU)ᵀ(JU) ⪰ λ > 0,   (JU)ᵀ(JU) ⪯ κ
//
// by Gershgorin's discs, then U is invertible, and N̂ − εg⁻¹ ⪰ λ(UUᵀ)⁻¹ ⪰ (λ/κ)JᵀJ ⪰ (λ/κ)(1 − η)g⁻¹.
func (w whitening) confirmed(n matrix, epsilon number) float64 {
	s := len(n)
	middle := mat.NewDense(s, s, nil)
	for a := range s {
		for b := range s {
			middle.Set(a, b, n[a][b].mid.Middle())
		}
	}
	var inner mat.Dense
	inner.Mul(w.root.T(), middle)
	inner.Mul(&inner, w.root)
	_, vectors, ok := eigen(&inner)
	if !ok {
		return 0
	}
	var u mat.Dense
	u.Mul(w.root, vectors)
	transposed := mat.DenseCopyOf(u.T())
	form := congruent(transposed, n)
	images := exactFloats(w.j).times(exactFloats(&u))
	unit := images.transposed().times(images)
	factor := epsilon.Quo(w.rest)
	least, kappa := math.Inf(1), 0.0
	for a := range s {
		row, size := form[a][a].all.Sub(unit[a][a].all.Mul(factor)), interval.Exactly(unit[a][a].all.Magnitude())
		for b := range s {
			if b != a {
				off := form[a][b].all.Sub(unit[a][b].all.Mul(factor))
				row = row.Sub(interval.Exactly(off.Magnitude()))
				size = size.Add(interval.Exactly(unit[a][b].all.Magnitude()))
			}
		}
		least, kappa = min(least, row.Lo), max(kappa, size.Hi)
	}
	if !(least > 0) {
		return 0
	}
	return interval.Exactly(least).Quo(interval.Exactly(kappa)).Mul(w.rest).Lo
}

// eigen is about the eigenvalues, ascending, and vectors of a nearly symmetric matrix.
func eigen(m *mat.Dense) ([]float64, *mat.Dense, bool) {
	s, _ := m.Dims()
	symmetric := mat.NewSymDense(s, nil)
	for a := range s {
		for b := a; b < s; b++ {
			symmetric.SetSym(a, b, (m.At(a, b)+m.At(b, a))/2)
		}
	}
	var found mat.EigenSym
	if !found.Factorize(symmetric, true) {
		return nil, nil, false
	}
	var vectors mat.Dense
	found.VectorsTo(&vectors)
	return found.Values(nil), &vectors, true
}
