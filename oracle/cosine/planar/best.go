package planar

import (
	"math"

	"contrastcheck/oracle/cosine"

	"gonum.org/v1/gonum/optimize"
)

// place are geodesic coordinates (t cos ψ, t sin ψ) of a shape, t = log 1/ρ and ψ = 2φ, in which losses are smooth.
func (s Shape) place() (x, y float64) {
	sin, cos := math.Sincos(2 * s.Axis)
	t := -math.Log(s.Ratio)
	return t * cos, t * sin
}

func shapeAt(x, y float64) Shape {
	axis := math.Atan2(y, x) / 2
	if axis < 0 {
		axis += math.Pi
	}
	return Shape{axis, math.Exp(-math.Hypot(x, y))}
}

// Inside looks for the shape of the least loss from the best of a grid. The error is ErrNodes.
func (m Mixture) Inside(temperature float64) (Shape, error) {
	const small = 1e-8
	k := 1 / temperature
	if _, err := m.newRule(1, k, small); err != nil { // before as many Bessel functions as κ
		return Shape{}, err
	}
	b := newBessel(k, small/16)
	var failure error
	value := func(x []float64) float64 {
		l, err := m.at(shapeAt(x[0], x[1]), b, k, small)
		if err != nil {
			failure = err
			return math.Inf(1)
		}
		return l.value
	}
	const around, rings, ring = 24, 10, 0.4
	least, start := math.Inf(1), []float64{0, 0}
	for i := range rings {
		for j := range around {
			sin, cos := math.Sincos(2 * math.Pi * float64(j) / around)
			t := ring * float64(i)
			x := []float64{t * cos, t * sin}
			if of := value(x); of < least {
				least, start = of, x
			}
			if i == 0 {
				break
			}
		}
	}
	if math.IsInf(least, 1) {
		return Shape{}, failure
	}
	at := simplex(value, start, ring/2, small, 120)
	return shapeAt(at[0], at[1]), nil
}

// Best looks for the noise and the shape beside it of the least loss, from the best shape inside: among some noises, by rules that are finer and finer until one of them is certainly worth something, and about that. The error is ErrNodes.
func (m Mixture) Best(from Shape, temperature float64) (Noisy, error) {
	const rough, finer, finest = 1e-3, 1e-6, 1e-9
	evaluations := map[float64]int{rough: 60, finer: 15} // of a descent
	k := 1 / temperature
	if _, err := m.newRule(1, k, finest); err != nil {
		return Noisy{}, err
	}
	inside, err := m.at(from, newBessel(k, finest), k, finest)
	if err != nil {
		return Noisy{}, err
	}
	x, y := from.place()
	var start []float64
	for _, small := range []float64{rough, finer, finest} {
		loss := func(x []float64) cosine.Enclosure {
			e, failure := m.Outside(Noisy{shapeAt(x[0], x[1]), math.Exp(x[2])}, temperature, small)
			if failure != nil {
				err, e.Value = failure, math.Inf(1)
			}
			return e
		}
		first, last := -1, 8 // powers of √½
		if small == finest {
			first, last = 3, 14
		}
		var least cosine.Enclosure
		start = nil
		for i := first; i <= last; i++ {
			at := []float64{x, y, -float64(i) * math.Ln2 / 2}
			if e := loss(at); !math.IsInf(e.Value, 1) && (start == nil || e.Value < least.Value) {
				least, start = e, at
			}
		}
		if start == nil {
			return Noisy{}, err
		}
		if least.Upper() < inside.value {
			if small > finest {
				start = simplex(func(x []float64) float64 { return loss(x).Value }, start, 0.2, small, evaluations[small])
			}
			break
		}
	}
	return Noisy{shapeAt(start[0], start[1]), math.Exp(start[2])}, nil
}

// simplex descends by J. A. Nelder and R. Mead's method.
func simplex(value func([]float64) float64, start []float64, size, small float64, evaluations int) []float64 {
	settings := &optimize.Settings{FuncEvaluations: evaluations, Converger: &optimize.FunctionConverge{Absolute: small, Iterations: 12}}
	r, err := optimize.Minimize(optimize.Problem{Func: value}, start, settings, &optimize.NelderMead{SimplexSize: size})
	if r == nil || err != nil && r.X == nil || !(r.F <= value(start)) {
		return start
	}
	return r.X
}
