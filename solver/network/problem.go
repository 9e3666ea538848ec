package network

import (
	"fmt"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Shape says which nets are compared.
type Shape struct {
	Activation Activation
	// Hidden and Outputs are the numbers of neurons and outputs, ≥ 1.
	Hidden, Outputs int
	// Biases tells whether the neurons and the outputs have biases. With biases what tells the components apart is the centred Fisher subspace S_c, without it is S_F.
	Biases bool
}

// problem is the loss of one tower as a function of its numbers θ: the hidden weights on the coordinates of a subspace, row by row, and noise that the law is the
// same in, then output weights and, if it has some, the biases of neurons and outputs.
type problem struct {
	Shape
	kind    Kind
	delta   float64
	weights []float64
	side
	signal, noise int        // coordinates: of the subspace, and others
	back          *mat.Dense // d×(signal + noise): weights on x, from those on the coordinates
	level
	most int // nodes
}

// mostSignal is how many directions the means may span.
const mostSignal = mostDirections - 1

// newProblem is that of pairs of one modality with a shared covariance, in the coordinates of S_c or S_F and of some noise.
func newProblem(l Kind, p gmm.Pairs, s Shape, noise int) (*problem, error) {
	m := p.Left
	whole, err := newSide(m)
	if err != nil {
		return nil, err
	}
	q := &problem{Shape: s, kind: l, delta: p.Delta(), weights: p.Weights(), signal: m.FisherDimension(), level: rough, most: mostNodes}
	d := m.Dimension()
	mean := make([]float64, d)
	if s.Biases {
		q.signal = m.DifferenceDimension()
		for k, w := range q.weights {
			for i, x := range whole.means[k] {
				mean[i] += w * x
			}
		}
	}
	if q.signal > mostSignal {
		return nil, fmt.Errorf("%w, of which noise is one; the means span %d", ErrDirections, q.signal)
	}
	q.noise = min(noise, d-q.signal)
	if s.Activation.Step {
		q.noise = min(q.noise, mostSignal-q.signal) // jumps are followed along lines
	}
	n := q.signal + q.noise
	centred := mat.NewDense(d, len(whole.means), nil)
	for k, x := range whole.means {
		for i := range d {
			centred.Set(i, k, x[i]-mean[i])
		}
	}
	var svd mat.SVD
	var frame mat.Dense
	if !svd.Factorize(centred, mat.SVDFullU) {
		return nil, fmt.Errorf("network: the singular values of the means did not converge")
	}
	svd.UTo(&frame)
	basis := frame.Slice(0, d, 0, max(n, 1))
	if n == 0 { // nothing tells components apart: any direction stands for all
		q.noise, n = 1, 1
	}
	var coordinates, root, shift, back mat.Dense
	coordinates.Mul(basis.T(), centred)
	q.means = table(len(whole.means), n)
	for k := range q.means {
		for i := range q.signal {
			q.means[k][i] = coordinates.At(i, k)
		}
	}
	root.Mul(whole.root, basis)
	shift.Mul(whole.root, mat.NewDense(d, 1, mean))
	if err := back.Solve(whole.root.T(), basis); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	q.root, q.shift, q.back = &root, mat.Col(nil, 0, &shift), &back
	return q, nil
}

// size is how many numbers θ has.
func (q *problem) size() int {
	n := q.Hidden * (q.signal + q.noise + q.Outputs)
	if q.Biases {
		n += q.Hidden + q.Outputs
	}
	return n
}

// parts are the hidden weights, output weights and biases in θ, biases nil where there are none.
func (q *problem) parts(θ []float64) (w, v, b, c []float64) {
	h, n := q.Hidden, q.signal+q.noise
	w, v, θ = θ[:h*n], θ[h*n:h*(n+q.Outputs)], θ[h*(n+q.Outputs):]
	if q.Biases {
		b, c = θ[:h], θ[h:]
	}
	return w, v, b, c
}

// tower is the net of θ but for its weights.
func (q *problem) tower(θ []float64, v view) tower {
	_, out, b, c := q.parts(θ)
	t := tower{u: v.u, b: b, v: make([][]float64, q.Hidden), c: c, activation: q.Activation}
	if !q.Biases {
		t.b, t.c = make([]float64, q.Hidden), make([]float64, q.Outputs)
	}
	for j := range t.v {
		t.v[j] = out[j*q.Outputs : (j+1)*q.Outputs]
	}
	return t
}

// at is the loss and, unless gradient is nil, its derivatives; +Inf where it can't be computed.
func (q *problem) at(θ, gradient []float64) float64 {
	w, _, _, _ := q.parts(θ)
	v, err := q.see(w, q.Hidden)
	if err != nil {
		return infinity
	}
	t := q.tower(θ, v)
	g, ok := q.nodes(t, v, q.most)
	if !ok {
		return infinity
	}
	s, hidden, slopes := t.see(g, q.weights)
	few, first := s.joined(q.Activation)
	value, byF, byG := q.kind.of(q.delta, q.weights, few, few)
	if gradient == nil {
		return value
	}
	clear(gradient)
	for i, row := range byG {
		for l, x := range row {
			byF[i][l] += x
		}
	}
	if first != nil { // of alike nodes the first stands for all
		all := table(len(s.values), q.Outputs)
		for i, at := range first {
			all[at] = byF[i]
		}
		byF = all
	}
	q.chain(gradient, v, g, s, t, hidden, slopes, byF)
	if q.Activation.Step && g.n > 0 {
		q.jumps(gradient, v, t, few)
	}
	return value
}

// chain adds the derivatives by θ, given those by the outputs at the nodes. In a direction that is not seen a point has the mean of its component, which the derivatives are
// not independent of: what attracts a pair depends on the component.
func (q *problem) chain(gradient []float64, v view, g grid, s seen, t tower, hidden, slopes []float64, by [][]float64) {
	dw, dv, db, dc := q.parts(gradient)
	h, m := q.Hidden, q.signal+q.noise
	z, shares := make([]float64, m), make([]float64, len(q.weights))
	attracted := partners(q.delta, q.weights, s.means())
	for i, d := range by {
		clear(z)
		x := g.x[i*g.n : (i+1)*g.n]
		for l := range z {
			for n, y := range x {
				z[l] += v.frame.At(l, n) * y
			}
		}
		for j := range h {
			for l, y := range d {
				dv[j*q.Outputs+l] += hidden[i*h+j] * y
			}
			slope := slopes[i*h+j]
			back := slope * dot(t.v[j], d)
			for l, y := range z {
				dw[j*m+l] += back * y
			}
			if db != nil {
				db[j] += back
			}
			if g.n == m || slope == 0 || s.mass[i] == 0 {
				continue
			}
			rest := back
			for k, p := range s.given[i] {
				shares[k] = slope * q.kind.attraction() * q.weights[k] * p * dot(t.v[j], attracted[k])
				rest -= shares[k]
			}
			for k, p := range s.given[i] {
				share := shares[k] + rest*p*q.weights[k]/s.mass[i]
				for l, y := range v.apart[k] {
					dw[j*m+l] += share * y
				}
			}
		}
		for l := range dc {
			dc[l] += d[l]
		}
	}
}

// net is θ as a net in the coordinates of the mixture.
func (q *problem) net(θ []float64) Net {
	w, _, _, _ := q.parts(θ)
	t := q.tower(θ, view{})
	d, m := q.back.Dims()
	f := empty(q.Hidden, d, q.Outputs)
	for j := range q.Hidden {
		for i := range d {
			f.W[j][i] = dot(q.back.RawRowView(i), w[j*m:(j+1)*m])
		}
		f.B[j] = t.b[j] - dot(f.W[j], q.shift)
		copy(f.V[j], t.v[j])
	}
	copy(f.C, t.c)
	return f
}
