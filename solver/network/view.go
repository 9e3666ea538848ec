package network

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// side is the law of one tower's points in coordinates z with x = root·z + shift, in which the mean of the covariances is the identity.
type side struct {
	means [][]float64     // K×m
	own   []*mat.SymDense // m×m each; nil where all are the identity
	root  *mat.Dense      // d×m
	shift []float64       // d
}

// newSide is the law of a mixture in all its dimensions.
func newSide(m *gmm.Mixture) (side, error) {
	d, k := m.Dimension(), m.Components()
	var factor mat.Cholesky
	if !factor.Factorize(m.Covariance()) {
		return side{}, errors.New("network: the covariance is singular in floating point")
	}
	var lower mat.TriDense
	factor.LTo(&lower)
	s := side{means: table(k, d), root: mat.DenseCopyOf(&lower), shift: make([]float64, d)}
	var z mat.Dense
	if err := z.Solve(&lower, m.Means().T()); err != nil {
		return side{}, fmt.Errorf("network: %w", err)
	}
	for c := range k {
		mat.Col(s.means[c], c, &z)
	}
	if !m.Shared() {
		for c := range k {
			var half, whole mat.Dense
			if err := errors.Join(half.Solve(&lower, m.Own(c)), whole.Solve(&lower, half.T())); err != nil {
				return side{}, fmt.Errorf("network: %w", err)
			}
			s.own = append(s.own, symmetric(&whole))
		}
	}
	return s, nil
}

// onto are the hidden weights of a net in the coordinates of s, h×m, and its biases there.
func (s side) onto(f Net) (w, b []float64) {
	d, m := s.root.Dims()
	w, b = make([]float64, len(f.W)*m), make([]float64, len(f.W))
	for j, row := range f.W {
		b[j] = f.B[j] + dot(row, s.shift)
		for i := range d {
			for l := range m {
				w[j*m+l] += row[i] * s.root.At(i, l)
			}
		}
	}
	return w, b
}

// view is what hidden weights see of a law: coordinates y of n directions, z = frame·y + what they do not see. The first of them is that along which
// the preactivations vary most.
type view struct {
	frame *mat.Dense      // m×n; nil for n = 0
	u     [][]float64     // h×n: the weights there
	means [][]float64     // K×n
	own   []*mat.TriDense // lower, of the coordinates in reverse; nil where all are the identity
	apart [][]float64     // K×m: means in the directions that are not seen
}

// mostDirections is how many directions hidden weights may see: more take too many nodes.
const mostDirections = 3

// ErrDirections says that hidden weights see too many directions.
var ErrDirections = fmt.Errorf("network: expected hidden weights that see at most %d directions of the mixture", mostDirections)

// unseen is the size of hidden weights beside the largest below which a direction is none that they see.
const unseen = 1e-13

// see is the view of s through weights, h×m.
func (s side) see(w []float64, h int) (view, error) {
	m := len(s.means[0])
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(h, m, w), mat.SVDThin) {
		return view{}, errors.New("network: the singular values of hidden weights did not converge")
	}
	values, n := svd.Values(nil), 0
	for n < len(values) && values[n] > unseen*values[0] {
		n++
	}
	if n > mostDirections {
		return view{}, fmt.Errorf("%w, found %d", ErrDirections, n)
	}
	v := view{u: table(h, n), means: table(len(s.means), n), apart: table(len(s.means), m)}
	for k, mean := range s.means {
		copy(v.apart[k], mean)
	}
	if n == 0 {
		return v, nil
	}
	var all mat.Dense
	svd.VTo(&all)
	v.frame = mat.DenseCopyOf(all.Slice(0, m, 0, n))
	for i := range n {
		direction := mat.Col(nil, i, v.frame)
		for j := range h {
			v.u[j][i] = dot(direction, w[j*m:(j+1)*m])
		}
		for k, mean := range s.means {
			v.means[k][i] = dot(direction, mean)
			for l, x := range direction {
				v.apart[k][l] -= v.means[k][i] * x
			}
		}
	}
	for _, c := range s.own {
		var half, whole mat.Dense
		half.Mul(c, v.frame)
		whole.Mul(v.frame.T(), &half)
		reversed := mat.NewSymDense(n, nil)
		for i := range n {
			for j := i; j < n; j++ {
				reversed.SetSym(n-1-j, n-1-i, (whole.At(i, j)+whole.At(j, i))/2)
			}
		}
		var factor mat.Cholesky
		if !factor.Factorize(reversed) {
			return view{}, errors.New("network: a covariance is singular in floating point")
		}
		lower := new(mat.TriDense)
		factor.LTo(lower)
		v.own = append(v.own, lower)
	}
	return v, nil
}

// spread of coordinate i of component k, given those after it: its standard deviation, and what a standardised later one, j, adds to its mean.
func (v view) spread(k, i, j int) float64 {
	if v.own == nil {
		if i == j {
			return 1
		}
		return 0
	}
	n := len(v.means[0])
	return v.own[k].At(n-1-i, n-1-j)
}

func symmetric(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return s
}

var infinity = math.Inf(1)
