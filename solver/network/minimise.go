package network

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/mat"
)

// Options steer Minimise.
type Options struct {
	Seed uint64
	// Starts multiplies the numbers of starts: > 0. Zero means 1.
	Starts float64
}

// Minimum is the best stationary point of a search.
type Minimum struct {
	Net
	// Value is known to ±Error, an estimate.
	Value, Error float64
	// GradientNorm is that of all numbers of the net, the weights on whitened coordinates of which only those of the search count; LeastCurvature the least eigenvalue
	// of the Hessian off the symmetries of nets, known to ±CurvatureError.
	GradientNorm, LeastCurvature, CurvatureError float64
	Starts, Reached                              int
	// Rule is the quadrature, and Points its nodes.
	Rule   string
	Points int
	// Outside is the share ‖WQ‖_F/‖W‖_F of the hidden weights outside the subspace, whitened.
	Outside float64

	θ []float64
}

// Result is what a search found.
type Result struct {
	// Best is the best of all searches, Inside the best with hidden weights inside the subspace: S_c with biases, S_F without.
	Best, Inside Minimum
	// Dimension is that of the subspace.
	Dimension int
	// Noise is the least second derivative of the loss at Inside along weights on noise, ½d²L per unit of ‖W_⊥‖² doubled, known to ±NoiseError: not negative if
	// no little noise lowers the loss. NaN where there is no noise, and of a step.
	Noise, NoiseError float64
}

// Minimise looks for the net of one tower with the least loss: descents from many starts, inside the subspace that tells the components apart and on
// it and one direction of noise. It takes one modality with a shared covariance, of which the means span at most two directions, and of a step, with noise, one.
func Minimise(l Kind, p gmm.Pairs, s Shape, o Options) (Result, error) {
	if err := p.WantSingle(); err != nil {
		return Result{}, err
	}
	inner, err := newProblem(l, p, s, 0)
	if err != nil {
		return Result{}, err
	}
	if o.Starts == 0 {
		o.Starts = 1
	}
	r := Result{Dimension: inner.signal, Noise: math.NaN(), NoiseError: math.NaN()}
	r.Inside = inner.search(nil, o)
	if inner.signal == 0 { // its only coordinate is noise
		r.Inside.Outside = 0
	}
	outer, err := newProblem(l, p, s, 1)
	if err != nil {
		return Result{}, err
	}
	r.Best = r.Inside
	if outer.noise == 0 || outer.signal == 0 {
		return r, nil
	}
	start := outer.embedded(inner, r.Inside.θ)
	free := outer.search(start, o)
	if free.lower(r.Inside) { // perhaps by a better basin, which the inside has, too
		if again := inner.searched(outer.projected(inner, free.θ)); again.Value < r.Inside.Value {
			r.Inside = again
		}
	}
	if r.Best = r.Inside; free.lower(r.Inside) {
		r.Best = free
	}
	if !s.Activation.Step { // whose loss is not smooth where two neurons jump together
		r.Noise, r.NoiseError = inner.outward(r.Inside.θ)
	}
	return r, nil
}

// lower tells whether a value is, beyond the errors.
func (m Minimum) lower(than Minimum) bool { return m.Value < than.Value-m.Error-than.Error }

// levels are the rules for so many directions: that of the descent, and that of the value.
func levels(directions int) (search, value level) {
	switch directions {
	case 0, 1:
		return good, fine
	case 2:
		return rough, good
	}
	return coarse, rough
}

// search descends from random starts and, if there is one, from a point, as it is and with noise.
func (q *problem) search(from []float64, o Options) Minimum {
	n := q.signal + q.noise
	q.level, _ = levels(n)
	var starts [][]float64
	if from != nil {
		starts = append(starts, from, q.disturbed(from, o.Seed))
	}
	for i := range o.starts(n) {
		starts = append(starts, q.random(rand.New(rand.NewPCG(o.Seed, uint64(i)))))
	}
	return q.searched(starts...)
}

// searched descends from starts.
func (q *problem) searched(starts ...[]float64) Minimum {
	n := q.signal + q.noise
	var value level
	q.level, value = levels(n)
	search := descent.Search{Flat: q.flat, Steps: 120}
	if n > 1 {
		search.Tolerance, search.Steps = 1e-8, 100
	}
	q.most = searchedNodes(n)
	found := descent.Stationary(q.at, starts, search)
	m := Minimum{Net: q.net(found.At), GradientNorm: found.GradientNorm, LeastCurvature: found.LeastCurvature, CurvatureError: found.CurvatureError,
		Starts: len(starts), Reached: found.Reached, θ: found.At, Outside: q.outside(found.At)}
	less := found.Value
	q.level, q.most = value, mostNodes
	m.Value = q.at(found.At, nil)
	m.Error = math.Abs(m.Value-less) + rounding*(1+math.Abs(m.Value))
	m.Rule, m.Points = q.rule(found.At)
	return m
}

// searchedNodes is how many nodes an evaluation of a search takes at most: nets that are steeper are left out.
func searchedNodes(directions int) int {
	if directions < 2 {
		return 2_000
	}
	return 20_000
}

// rule names the rule, with its nodes.
func (q *problem) rule(θ []float64) (string, int) {
	w, _, _, _ := q.parts(θ)
	v, err := q.see(w, q.Hidden)
	if err != nil {
		return "", 0
	}
	g, _ := q.nodes(q.tower(θ, v), v, mostNodes)
	return "Gauss–Legendre panels in " + plural(len(v.u[0]), "direction"), len(g.given)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// outside is the share of hidden weights on noise.
func (q *problem) outside(θ []float64) float64 {
	w, _, _, _ := q.parts(θ)
	n := q.signal + q.noise
	noise := 0.0
	for j := range q.Hidden {
		noise += dot(w[j*n+q.signal:(j+1)*n], w[j*n+q.signal:(j+1)*n])
	}
	if noise == 0 {
		return 0
	}
	return math.Sqrt(noise / dot(w, w))
}

// outward is the least second derivative along weights on one direction of noise, of a problem without noise, by two rules.
func (q *problem) outward(θ []float64) (least, err float64) {
	var found [2]float64
	first, second := levels(q.signal)
	for i, l := range []level{first, second} {
		q.level = l
		form, failure := q.curvature(θ)
		if failure != nil {
			return math.NaN(), math.NaN()
		}
		found[i] = form.least()
	}
	return found[1], math.Abs(found[1] - found[0])
}

// flat are the directions of the symmetries: outputs turned and, of activations that are homogeneous, neurons rescaled.
func (q *problem) flat(θ []float64) *mat.Dense {
	var columns [][]float64
	w, v, b, c := q.parts(θ)
	n, r := q.signal+q.noise, q.Outputs
	for i := range r {
		for l := range i {
			column := make([]float64, len(θ))
			_, dv, _, dc := q.parts(column)
			for j := range q.Hidden {
				dv[j*r+i], dv[j*r+l] = v[j*r+l], -v[j*r+i]
			}
			if c != nil {
				dc[i], dc[l] = c[l], -c[i]
			}
			columns = append(columns, column)
		}
	}
	for j := 0; q.Activation.kinked && j < q.Hidden; j++ {
		column := make([]float64, len(θ))
		dw, dv, db, _ := q.parts(column)
		copy(dw[j*n:(j+1)*n], w[j*n:(j+1)*n])
		if b != nil {
			db[j] = b[j]
		}
		for i := 0; i < r && !q.Activation.Step; i++ {
			dv[j*r+i] = -v[j*r+i]
		}
		columns = append(columns, column)
	}
	if len(columns) == 0 {
		return nil
	}
	out := mat.NewDense(len(θ), len(columns), nil)
	for i, x := range columns {
		out.SetCol(i, x)
	}
	return out
}
