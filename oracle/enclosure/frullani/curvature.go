package frullani

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Curvature bounds from below the smallest eigenvalue of D² over symmetric matrices, as sharply as half of it where that takes no more work than limit; ErrNodes where nothing can be said.
func (l Law) Curvature(limit float64) (least, work float64, err error) {
	const natural, finer, tries = 1.0 / 4, 16, 5 // D² of a mixture is about 1 at M = 0, and seldom far less
	least = math.Inf(-1)
	for target := natural; ; target /= finer {
		lower, off, took, err := l.curvature(target, limit-work)
		if work += took; err != nil {
			if math.IsInf(least, -1) {
				return least, work, err
			}
			return least, work, nil
		}
		least = math.Max(least, lower)
		if lower > off || target < natural/math.Pow(finer, tries-1) {
			return least, work, nil
		}
	}
}

// curvature is Curvature by one plan, with its error.
func (l Law) curvature(tolerance, limit float64) (least, off, work float64, err error) {
	p, err := l.plan(2, tolerance, limit)
	if err != nil {
		return 0, 0, 0, err
	}
	m, k := l.dims()
	size := m * (m + 1) / 2
	form := mat.NewDense(size, size, nil)
	off = p.dropped + l.bendMoved()
	for j, w := range l.Weights {
		points := p.points[j]
		fourth, reach := math.Sqrt(points.farthest(4)), points.reach()
		inside, err := p.each(j, func(c *conditional, weight float64, x []float64, square float64, into *mat.Dense) float64 {
			for i := range m {
				c.bend.Set(i, i, c.bend.At(i, i)+2*c.slope)
			}
			addForm(into, weight, x, p.law.S, c.bend)
			f := c.found
			nu := p.deviates.nu + float64(l.Negatives+1)*math.Exp(lowest)
			terms := reach + 2*f.deviation
			return weight * square * (8*fourth*math.Sqrt(f.top) + 2*fourth*math.Sqrt(math.Min(1, p.low*math.Exp(p.heights.step))) + 1000*f.length*(f.rho+nu)*terms*terms)
		}, form)
		if err != nil {
			return 0, 0, p.used(), err
		}
		off += w * (p.grids[j].err + inside + (p.heights.first+p.heights.second)*inflation*inflation*l.anchor(j, 2)*points.farthest(2))
	}
	lower := eigenvalues(form)
	off += unit * float64(16*size+8*k) * mat.Norm(form, 2)
	return lower - off, off, p.used(), nil
}

// eigenvalues returns the smallest of a matrix that is symmetric to rounding.
func eigenvalues(a *mat.Dense) float64 {
	n, _ := a.Dims()
	symmetric := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			symmetric.SetSym(i, j, (a.At(i, j)+a.At(j, i))/2)
		}
	}
	var e mat.EigenSym
	if !e.Factorize(symmetric, false) {
		return math.Inf(-1)
	}
	return e.Values(nil)[0]
}

// addForm adds (Vx)ᵀS(Vx) as a form in V, in the orthonormal basis E_ii and (E_ik + E_ki)/√2 of the symmetric matrices; where M vanishes, x has a variance of 1 about what is given.
func addForm(into *mat.Dense, weight float64, x, spectrum []float64, s *mat.Dense) {
	product := func(a, b int) float64 {
		if a == b && spectrum[a] == 0 {
			return x[a]*x[a] + 1
		}
		return x[a] * x[b]
	}
	factor := func(a, b int) float64 {
		if a == b {
			return math.Sqrt(0.5)
		}
		return 1
	}
	row := 0
	for i := range x {
		for k := i; k < len(x); k++ {
			out := into.RawRowView(row)
			column := 0
			for a := range x {
				for b := a; b < len(x); b++ {
					sum := product(k, b)*s.At(i, a) + product(k, a)*s.At(i, b) + product(i, b)*s.At(k, a) + product(i, a)*s.At(k, b)
					out[column] += weight / 2 * factor(i, k) * factor(a, b) * sum
					column++
				}
			}
			row++
		}
	}
}

// bendMoved is moved for D².
func (l Law) bendMoved() float64 {
	m, _ := l.dims()
	norm, most := l.steepest(), 0.0
	for _, off := range l.Off {
		most = max(most, off)
	}
	var sum float64
	for j, w := range l.Weights {
		p := l.around(j, l.centre(j))
		sum += w * (4*l.Off[j]*l.anchor(j, 1)*p.farthest(2) + 8*most*l.anchor(j, 2)*p.farthest(1))
		sum += w * 6 * norm * (l.Off[j]*l.anchor(j, 2)*p.farthest(3) + most*l.anchor(j, 3)*p.farthest(2))
	}
	return 2*sum + 16*float64(m)*unit*norm*l.Third()
}
