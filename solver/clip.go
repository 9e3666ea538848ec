package solver

import (
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// clip is the CLIP loss as a function of an m_V×m_T matrix M = A_V A_Tᵀ, in
// whitened coordinates of each side, turned so that W = I + C is diagonal on both:
//
//	g(M)      = −2 E_{pairs}[ xᵀMy ] + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy)
//	          = ½⟨MMᵀ, W_V⟩ + ½⟨MᵀM, W_T⟩ + h_V(M) + h_T(Mᵀ)
//	∇g(M)     = W_V M + M W_T + ∇h_V(M) + ∇h_T(Mᵀ)ᵀ
//	D²g(M)[V] = W_V V + V W_T + D²h_V(M)[V] + D²h_T(Mᵀ)[Vᵀ]ᵀ
//
// with h the loss of a softmax (type anchored) at δ = 1: in h_V the anchors are
// visual points and the partners text, in h_T the other way round (Radford et al.,
// ICML 2021, for the loss; Bansal, Kavis and Sanghavi, arXiv 2411.03517, section 5,
// for its population form).
//
// ‖G‖²_d = Σ_ij 2G_ij²/(w_i + v_j), w and v the diagonals of W_V and W_T. As D²g ⪰
// W_V· + ·W_T, ‖W_V^¼(M − M*)W_T^¼‖_F ≤ ½‖∇g(M)‖_d.
type clip struct {
	visual, text *clipSide
	// sensitivity bounds how an error e of every average of a side's softmax moves
	// the gradient in the norm ‖·‖_d, as ‖a bᵀ‖_d ≤ |W_V^{−¼}a| |W_T^{−¼}b|.
	sensitivity [2]float64
}

// clipSide is one modality: its softmax, whose anchors are its points, and its coordinates.
type clipSide struct {
	anchored
	whitened gmm.Whitened
	rotation *mat.Dense // m×m
	second   []float64  // m, the diagonal of W
	measure  measure
}

// newClip states the loss of p in whitened coordinates of its sides.
func newClip(p gmm.Pairs, visual, text gmm.Whitened) (*clip, error) {
	f := new(clip)
	for _, side := range []struct {
		into     **clipSide
		whitened gmm.Whitened
	}{{&f.visual, visual}, {&f.text, text}} {
		if err := checkScale(side.whitened.Means); err != nil {
			return nil, err
		}
		scatter, rotation := eigen(gmm.RawScatter(p.Weights(), side.whitened.Means))
		for i, c := range scatter {
			scatter[i] = 1 + max(0, c)
		}
		s := &clipSide{whitened: side.whitened, rotation: rotation, second: scatter,
			anchored: anchored{weights: p.Weights(), logWeights: p.LogWeights(), delta: 1, means: new(mat.Dense),
				cores: 1, choose: (*quadrature.Rule).Choose}}
		s.means.Mul(rotation.T(), side.whitened.Means)
		*side.into = s
	}
	f.visual.centred = centredColumns(p.Weights(), f.text.means)
	f.text.centred = centredColumns(p.Weights(), f.visual.means)
	f.sensitivity = [2]float64{f.visual.sensitivityIn(f.visual.second, f.text.second), f.text.sensitivityIn(f.text.second, f.visual.second)}
	rng := rand.New(rand.NewPCG(gaugeSeed, 0))
	for i, side := range f.sides() {
		other := f.sides()[1-i]
		side.measure = side.measured(f.sensitivity[i], side.second, other.second, func() *mat.Dense { return seenFrom(new(arena), i, f.functional(rng)) },
			func(g *mat.Dense) float64 { return f.dualNorm(seenFrom(new(arena), i, g)) })
	}
	return f, nil
}

// functional returns a random Z, m_V×m_T, with E⟨G, Z⟩² = ‖G‖²_d.
func (f *clip) functional(rng *rand.Rand) *mat.Dense {
	z := mat.NewDense(len(f.visual.second), len(f.text.second), nil)
	z.Apply(func(i, j int, _ float64) float64 {
		return rng.NormFloat64() * math.Sqrt(2/(f.visual.second[i]+f.text.second[j]))
	}, z)
	return z
}

// sides returns both softmaxes.
func (f *clip) sides() [2]*clipSide { return [2]*clipSide{f.visual, f.text} }

// clipPoint is the loss's gradient at M, and what further evaluations there need.
type clipPoint struct {
	place
	f         *clip
	softmaxes [2]softmaxPoint // of M and of Mᵀ
	spent     bool            // the budget ended the descent
	memory    arena
}

// at evaluates the gradient at M into pt, which is used again, aiming at an error
// of tolerance in the norm ‖·‖_d.
func (f *clip) at(pt *clipPoint, m *mat.Dense, tolerance float64) error {
	memory := &pt.memory
	memory.reset()
	pt.f, pt.place = f, place{m: memory.copyOf(m), tolerance: tolerance}
	pt.gradient = memory.dense(m.Dims())
	pt.err = f.roundingError(pt)
	f.quadratic(pt.gradient, pt.m)
	for i := range pt.softmaxes {
		pt.softmaxes[i].many = nil // of another M
	}
	for i, side := range f.sides() {
		s := &pt.softmaxes[i]
		over, err := side.averageAt(s, memory, seenFrom(memory, i, pt.m), side.measure, tolerance/2)
		if err != nil {
			return err
		}
		part := side.gradient(memory, s.directions, over)
		pt.gradient.Add(pt.gradient, seenFrom(memory, i, part))
		pt.err += s.ruleError(f.sensitivity[i]) + f.softmaxRounding(i, s)
	}
	pt.norm = f.dualNorm(pt.gradient)
	pt.nodes = max(pt.softmaxes[0].nodes(), pt.softmaxes[1].nodes())
	return nil
}

// seenFrom returns a matrix for the first side, its transpose for the second, and back.
func seenFrom(memory *arena, side int, m *mat.Dense) *mat.Dense {
	if side == 0 {
		return m
	}
	rows, columns := m.Dims()
	out := memory.dense(columns, rows)
	out.Copy(m.T())
	return out
}

// quadratic writes W_V V + V W_T.
func (f *clip) quadratic(into, v *mat.Dense) {
	for i, w := range f.visual.second {
		row, from := into.RawRowView(i), v.RawRowView(i)
		for j, x := range f.text.second {
			row[j] = from[j] * (w + x)
		}
	}
}

// apply writes the inverse of V ↦ W_V V + V W_T: f is its own preconditioner.
func (f *clip) apply(into, v *mat.Dense) {
	for i, w := range f.visual.second {
		row, from := into.RawRowView(i), v.RawRowView(i)
		for j, x := range f.text.second {
			row[j] = from[j] / (w + x)
		}
	}
}

// coarsest is the quadrature error allowed in the first steps.
func (f *clip) coarsest() float64 { return f.visual.coarse() * f.signal() }

// signal is min(1, ‖∇g(0)‖_d), where ∇g(0) = −2 Σ w_k μ_k y_kᵀ; 1 where that is 0.
func (f *clip) signal() float64 {
	var gradient mat.Dense
	gradient.Mul(weightedColumns(f.visual.means, f.visual.weights), f.visual.centred.T())
	if size := 2 * f.dualNorm(&gradient); size > 0 {
		return min(1, size)
	}
	return 1
}

func (f *clip) dualNorm(g *mat.Dense) float64 {
	var sum float64
	for i, w := range f.visual.second {
		for j, x := range g.RawRowView(i) {
			sum += 2 * x * x / (w + f.text.second[j])
		}
	}
	return math.Sqrt(sum)
}

// primalNorm is the norm dual to dualNorm, ‖V‖² = Σ_ij ½(w_i + v_j) V_ij².
func (f *clip) primalNorm(v *mat.Dense) float64 {
	var sum float64
	for i, w := range f.visual.second {
		for j, x := range v.RawRowView(i) {
			sum += (w + f.text.second[j]) / 2 * x * x
		}
	}
	return math.Sqrt(sum)
}

// value returns g(M) and an estimate of its error.
func (pt *clipPoint) value() (value, err float64) {
	f := pt.f
	square := f.primalNorm(pt.m)
	value, size := square*square, square*square
	for i, side := range f.sides() {
		s := &pt.softmaxes[i]
		logs, off := side.meanLogs(s, pt.tolerance)
		rest, terms := side.average(seenFrom(new(arena), i, pt.m), logs)
		value += rest
		size += terms + 1 // a logarithm near 0 is off by the rounding of its argument
		err += off
	}
	return value, err + f.operations()*unitRoundoff*size
}

// operations is a generous count of the roundings that one entry of the gradient sees.
func (f *clip) operations() float64 {
	return float64(2*(len(f.visual.second)+len(f.text.second)) + 4*len(f.visual.weights) + 16)
}

// relative is the relative error of products of whitened means.
func (f *clip) relative() float64 {
	return f.operations()*unitRoundoff + f.visual.whitened.Error + f.text.whitened.Error
}

// roundingError estimates the effect of rounding and of the error of the whitened
// means on the quadratic part of the gradient, in the norm ‖·‖_d.
func (f *clip) roundingError(pt *clipPoint) float64 { return 2 * f.relative() * f.primalNorm(pt.m) }

// softmaxRounding estimates the same of the softmax of one side.
func (f *clip) softmaxRounding(side int, s *softmaxPoint) float64 {
	moves, size := s.byExponents(f.sensitivity[side])
	return f.relative() * moves * size * s.magnification()
}

// distance bounds ‖M − M*‖_F by the gradient's norm, with its errors and with the
// rounding of M in other coordinates.
func (pt *clipPoint) distance() float64 {
	f := pt.f
	least := math.Sqrt((slices.Min(f.visual.second) + slices.Min(f.text.second)) / 2)
	return (pt.norm+pt.err)/(2*least) + f.relative()*mat.Norm(pt.m, 2)
}
