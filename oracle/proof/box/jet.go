package box

import (
	"math"

	"contrastcheck/oracle/interval"
)

// number is an interval of float64 ends.
type number = interval.Double

// jet is a function of the parameters of a piece in centred form. There is a number a₀ in mid, and for each of the piece's mixtures, −1 ≤ u_i ≤ 1, the value a(u) in all has
//
//	a(u) − a₀ = Σ_i s_i u_i   with some s_i in slopes_i, which depend on u.
//
// No slopes stand for a constant. (A. Neumaier, Interval Methods for Systems of Equations, 1990, section 2.3.)
type jet struct {
	mid, all number
	slopes   []number
}

// unbounded is all numbers, of which nothing is known.
var unbounded = number{Lo: math.Inf(-1), Hi: math.Inf(1)}

func constant(x number) jet { return jet{mid: x, all: x} }

// affine is mid + Σ slope_i u_i of exact numbers; zero slopes may be nil.
func affine(mid number, slopes []number) jet { return jet{mid: mid, slopes: slopes}.closed() }

// closed intersects the range, of which an enclosure may be given, with that of the centred form.
func (a jet) closed() jet {
	if a.slopes == nil {
		a.all = a.mid
		return a
	}
	a.all = a.centred()
	return a
}

// centred is mid + Σ slopes_i [−1, 1].
func (a jet) centred() number {
	var width float64
	for _, s := range a.slopes {
		width = interval.Exactly(width).Add(interval.Exactly(s.Magnitude())).Hi
	}
	return a.mid.Add(interval.Symmetric(width))
}

// within intersects the range of the centred form with another enclosure of it.
func (a jet) within(all number) jet {
	a.all = a.centred().Both(all)
	return a
}

func (a jet) plus(b jet) jet {
	out := jet{mid: a.mid.Add(b.mid)}
	switch {
	case a.slopes == nil && b.slopes == nil:
		out.all = out.mid
		return out
	case a.slopes == nil:
		out.slopes = b.slopes
	case b.slopes == nil:
		out.slopes = a.slopes
	default:
		out.slopes = make([]number, len(a.slopes))
		for i, s := range a.slopes {
			out.slopes[i] = s.Add(b.slopes[i])
		}
	}
	return out.within(a.all.Add(b.all))
}

func (a jet) neg() jet { return a.scaled(interval.Exactly(-1)) }

func (a jet) minus(b jet) jet { return a.plus(b.neg()) }

// scaled is a constant times a.
func (a jet) scaled(x number) jet {
	out := jet{mid: a.mid.Mul(x)}
	if a.slopes == nil {
		out.all = out.mid
		return out
	}
	out.slopes = make([]number, len(a.slopes))
	for i, s := range a.slopes {
		out.slopes[i] = s.Mul(x)
	}
	return out.within(a.all.Mul(x))
}

// times has ab − a₀b₀ = a(b − b₀) + (a − a₀)b₀.
func (a jet) times(b jet) jet {
	switch {
	case a.slopes == nil:
		return b.scaled(a.mid)
	case b.slopes == nil:
		return a.scaled(b.mid)
	}
	out := jet{mid: a.mid.Mul(b.mid), slopes: make([]number, len(a.slopes))}
	for i, s := range a.slopes {
		out.slopes[i] = a.all.Mul(b.slopes[i]).Add(s.Mul(b.mid))
	}
	return out.within(a.all.Mul(b.all))
}

// over is the quotient: a/b − a₀/b₀ = ((a − a₀) − (a₀/b₀)(b − b₀))/b.
func (a jet) over(b jet) jet {
	out := jet{mid: a.mid.Quo(b.mid)}
	if a.slopes == nil && b.slopes == nil {
		out.all = out.mid
		return out
	}
	out.slopes = make([]number, max(len(a.slopes), len(b.slopes)))
	for i := range out.slopes {
		if b.slopes != nil {
			out.slopes[i] = out.mid.Mul(b.slopes[i]).Neg()
		}
		if a.slopes != nil {
			out.slopes[i] = out.slopes[i].Add(a.slopes[i])
		}
		out.slopes[i] = out.slopes[i].Quo(b.all)
	}
	return out.within(a.all.Quo(b.all))
}

// root is the square root: √a − √a₀ = (a − a₀)/(√a + √a₀). Of what need not be positive it has no bounds.
func (a jet) root() jet {
	if !(a.mid.Lo > 0 && a.all.Lo > 0) {
		out := jet{mid: unbounded, all: unbounded, slopes: make([]number, len(a.slopes))}
		for i := range out.slopes {
			out.slopes[i] = unbounded
		}
		return out
	}
	out := jet{mid: a.mid.Sqrt()}
	if a.slopes == nil {
		out.all = out.mid
		return out
	}
	out.slopes = make([]number, len(a.slopes))
	sum := a.all.Sqrt().Add(out.mid)
	for i, s := range a.slopes {
		out.slopes[i] = s.Quo(sum)
	}
	return out.within(a.all.Sqrt())
}

// logSlopes are those of log a, a > 0: with x = (a − a₀)/a₀, |x| ≤ ρ < 1, log a − log a₀ = x · log(1 + x)/x, and the last factor lies between 1 − ρ/2 and
// 1 + ρ/2 + ρ²/3 + … ≤ 1 + ρ/2 + ρ²/(3(1 − ρ)). They are nil of a constant, and unbounded where ρ ≥ 1.
func (a jet) logSlopes() []number {
	if a.slopes == nil {
		return nil
	}
	out := make([]number, len(a.slopes))
	one := interval.Exactly(1)
	rho := interval.Exactly(a.all.Sub(a.mid).Quo(a.mid).Magnitude())
	if !(rho.Hi < 1) {
		for i := range out {
			out[i] = unbounded
		}
		return out
	}
	half := rho.Mul(interval.Exactly(0.5))
	rest := rho.Mul(rho).Quo(interval.Exactly(3).Mul(one.Sub(rho)))
	factor := number{Lo: one.Sub(half).Lo, Hi: one.Add(half).Add(rest).Hi}
	for i, s := range a.slopes {
		out[i] = s.Quo(a.mid).Mul(factor)
	}
	return out
}

// matrix is one of jets.
type matrix [][]jet

func newMatrix(rows, columns int) matrix {
	m := make(matrix, rows)
	for i := range m {
		m[i] = make([]jet, columns)
	}
	return m
}

func (m matrix) times(b matrix) matrix {
	out := newMatrix(len(m), len(b[0]))
	for i := range out {
		for j := range out[i] {
			out[i][j] = m[i][0].times(b[0][j])
			for k := 1; k < len(b); k++ {
				out[i][j] = out[i][j].plus(m[i][k].times(b[k][j]))
			}
		}
	}
	return out
}

func (m matrix) plus(b matrix) matrix {
	out := newMatrix(len(m), len(m[0]))
	for i := range out {
		for j := range out[i] {
			out[i][j] = m[i][j].plus(b[i][j])
		}
	}
	return out
}

func (m matrix) transposed() matrix {
	out := newMatrix(len(m[0]), len(m))
	for i, row := range m {
		for j, x := range row {
			out[j][i] = x
		}
	}
	return out
}

// symmetrised is ½(m + mᵀ).
func (m matrix) symmetrised() matrix {
	out := m.plus(m.transposed())
	for _, row := range out {
		for j := range row {
			row[j] = row[j].scaled(interval.Exactly(0.5))
		}
	}
	return out
}

// outer adds t x yᵀ.
func (m matrix) addOuter(t jet, x, y []jet) {
	for i := range m {
		scaled := t.times(x[i])
		for j := range m[i] {
			m[i][j] = m[i][j].plus(scaled.times(y[j]))
		}
	}
}

// minusRows is x − y.
func minusRows(x, y []jet) []jet {
	out := make([]jet, len(x))
	for i := range x {
		out[i] = x[i].minus(y[i])
	}
	return out
}

// cholesky returns the lower triangular R with m = RRᵀ; its numbers have no bounds where m need not be positive definite.
func (m matrix) cholesky() matrix {
	n := len(m)
	r := newMatrix(n, n)
	for j := range n {
		d := m[j][j]
		for k := range j {
			d = d.minus(r[j][k].times(r[j][k]))
		}
		r[j][j] = d.root()
		for i := j + 1; i < n; i++ {
			x := m[i][j]
			for k := range j {
				x = x.minus(r[i][k].times(r[j][k]))
			}
			r[i][j] = x.over(r[j][j])
		}
	}
	return r
}
