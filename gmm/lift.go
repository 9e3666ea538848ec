package gmm

import (
	"math"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// Along returns the pairs of Vᵀx, of one modality, for a V as of Mixture.Along. It panics if there are two.
func (p Pairs) Along(v [][]*big.Rat) (Pairs, error) {
	if p.Modalities() == 2 {
		panic("gmm: pairs of two modalities are seen along two matrices")
	}
	along, err := p.Left.Along(v)
	if err != nil {
		return Pairs{}, err
	}
	return NewPaired(along, along, p.delta)
}

// Lift takes what was found of pairs seen along V, d×e, back to the pairs themselves.
type Lift struct{ v, off *mat.Dense }

// NewLift returns the lift of a d×e matrix.
func NewLift(v [][]*big.Rat) Lift {
	l := Lift{mat.NewDense(len(v), len(v[0]), nil), mat.NewDense(len(v), len(v[0]), nil)}
	for i, row := range v {
		for j, x := range row {
			rounded, exact := x.Float64()
			if l.v.Set(i, j, rounded); !exact {
				l.off.Set(i, j, math.Abs(rounded)*unitRoundoff)
			}
		}
	}
	return l
}

// Columns returns VA for A of e rows.
func (l Lift) Columns(a *mat.Dense) *mat.Dense {
	if a == nil || a.IsEmpty() {
		return a
	}
	out := new(mat.Dense)
	out.Mul(l.v, a)
	return out
}

// Form returns the symmetric VMVᵀ of a form in a full frame, and bounds what rounding costs it, in whitened Frobenius norm: with F = VB computed off by
// δF ≤ (|δV| + e·u|V|)|B|, that is ‖δF‖(2‖F‖ + ‖δF‖)‖N‖ in the metric of Σ̄.
func (l Lift) Form(m *Mixture, f Form) (lifted Form, cost float64) {
	frame := Frame{Basis: l.Columns(f.Left.Basis)}
	lifted = Form{Left: frame, Right: frame, N: f.N}
	if f.N == nil {
		return lifted, 0
	}
	var sizes, off, rest mat.Dense
	absolute := func(_, _ int, x float64) float64 { return math.Abs(x) }
	sizes.Apply(absolute, f.Left.Basis)
	rest.Apply(absolute, l.v)
	rest.Scale(float64(len(sizes.RawMatrix().Data))*unitRoundoff, &rest)
	rest.Add(&rest, l.off)
	off.Mul(&rest, &sizes)
	of := side{m, frame}
	moved, size := of.crudely(&off), of.crudely(frame.Basis)
	return lifted, moved * (2*size + moved) * mat.Norm(f.N, 2)
}

// crudely bounds ‖Σ̄^½E‖_F, as product.crudely does.
func (s side) crudely(e *mat.Dense) float64 {
	var sum float64
	rows, columns := e.Dims()
	for i := range rows {
		for j := range columns {
			sum += s.sigma[i][i].Hi * e.At(i, j) * e.At(i, j)
		}
	}
	return roundingMargin * math.Sqrt(s.correlation()*sum)
}
