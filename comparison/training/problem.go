package training

import (
	"context"
	"math"

	"contrastcheck/internal/workers"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// problem is a loss of rows as a function of A, row by row, and b.
type problem struct {
	rows        Rows
	members     [][]int
	r           int
	options     Options
	scale       float64
	evaluations int
	all         []batch // nil for all rows as negatives

	last     []float64 // the point that was evaluated last, with its value and gradient
	value    float64
	gradient []float64
}

func newProblem(rows Rows, r int, o Options) *problem {
	p := &problem{rows: rows, members: rows.members(), r: r, options: o}
	if o.Batch > 0 {
		p.all = p.batches()
	}
	return p
}

// chunks is how many parts the sum over rows has, added in their order whatever the number of cores.
const chunks = 16

// evaluate returns the loss, and writes its gradient.
func (p *problem) evaluate(x, gradient []float64) float64 {
	if p.last == nil || !floats.Equal(p.last, x) {
		p.value, p.gradient = p.compute(x)
		p.last = append(p.last[:0], x...)
		p.evaluations++
	}
	if gradient != nil {
		copy(gradient, p.gradient)
	}
	return p.value
}

// part is the share of a chunk.
type part struct {
	value, bias float64
	moved       *mat.Dense // ∂L/∂z, r×n
}

func (p *problem) compute(x []float64) (value float64, gradient []float64) {
	if p.all != nil {
		return p.computeBatches(x)
	}
	n, d := p.rows.X.Dims()
	var z mat.Dense
	z.Mul(mat.NewDense(d, p.r, x[:d*p.r]).T(), p.rows.X.T())
	parts := make([]part, chunks)
	_ = workers.Run(context.Background(), p.options.Workers, chunks, func(c int, keep func(func()) bool) {
		one := p.chunk(&z, c*n/chunks, (c+1)*n/chunks, x[d*p.r])
		keep(func() { parts[c] = one })
	}) // that context never ends
	return p.sum(parts, n)
}

// sum adds the parts of a loss that is a mean over so many anchors, and takes its gradient from images back to A.
func (p *problem) sum(parts []part, anchors int) (value float64, gradient []float64) {
	n, d := p.rows.X.Dims()
	moved := mat.NewDense(p.r, n, nil)
	var bias float64
	for _, one := range parts {
		value += one.value
		bias += one.bias
		moved.Add(moved, one.moved)
	}
	gradient = make([]float64, d*p.r+1)
	into := mat.NewDense(d, p.r, gradient[:d*p.r])
	into.Mul(p.rows.X.T(), moved.T())
	floats.Scale(1/float64(anchors), gradient)
	gradient[d*p.r] = bias / float64(anchors)
	return value / float64(anchors), gradient
}

// chunk takes the rows from low to high as anchors. z is r×n: all scores of an anchor are sums of r of its rows.
func (p *problem) chunk(z *mat.Dense, low, high int, bias float64) part {
	r, n := z.Dims()
	out := part{moved: mat.NewDense(r, n, nil)}
	distances := p.options.Loss.Distances
	squares, totals, scores := make([]float64, n), make([]float64, n), make([]float64, n)
	if distances {
		for c := range r {
			for i, x := range z.RawRowView(c) {
				squares[i] -= x * x / 2
			}
		}
	}
	for i := low; i < high; i++ {
		if distances {
			copy(scores, squares)
			floats.AddConst(squares[i], scores)
		} else {
			clear(scores)
		}
		for c := range r {
			floats.AddScaled(scores, z.At(c, i), z.RawRowView(c))
		}
		value, slope := p.row(scores, i, bias)
		out.value += value
		out.bias += slope
		for c := range r { // the scores' places hold ∂L/∂s now
			moved := out.moved.RawRowView(c)
			floats.AddScaled(moved, z.At(c, i), scores)
			moved[i] += floats.Dot(scores, z.RawRowView(c))
		}
		if distances {
			totals[i] += floats.Sum(scores)
			floats.Add(totals, scores)
		}
	}
	if distances {
		for c := range r {
			moved := out.moved.RawRowView(c)
			for i, x := range z.RawRowView(c) {
				moved[i] -= totals[i] * x
			}
		}
	}
	return out
}

// row replaces the scores of an anchor by the derivatives of its loss, and returns that loss, and its derivative in b.
func (p *problem) row(s []float64, i int, bias float64) (value, slope float64) {
	same := p.members[p.rows.Class[i]]
	delta, others, like := p.options.Delta, float64(len(s)-1), float64(len(same)-1)
	if p.options.Loss.Sigmoid {
		return p.sigmoid(s, i, bias)
	}
	var positive, likes float64
	for _, j := range same {
		likes += s[j]
	}
	likes = (likes - s[i]) / like
	if delta < 1 {
		positive = (floats.Sum(s) - s[i]) / others
	}
	positive = delta*likes + (1-delta)*positive
	s[i] = math.Inf(-1)
	largest := floats.Max(s)
	var sum float64
	for j, t := range s {
		e := math.Exp(t - largest)
		s[j] = e
		sum += e
	}
	floats.Scale(1/sum, s)
	if delta < 1 {
		floats.AddConst(-(1-delta)/others, s)
	}
	for _, j := range same {
		s[j] -= delta / like
	}
	s[i] = 0
	return largest + math.Log(sum/others) - positive, 0
}

func (p *problem) sigmoid(s []float64, i int, bias float64) (value, slope float64) {
	same := p.members[p.rows.Class[i]]
	m, delta, others, like := p.options.Loss.Negatives, p.options.Delta, float64(len(s)-1), float64(len(same)-1)
	positive := make(map[int]float64, len(same))
	for _, j := range same {
		if j != i {
			v, d := softplus(-s[j] - bias)
			value += delta / like * v
			positive[j] = -delta / like * d
		}
	}
	for j, t := range s {
		if j == i {
			s[j] = 0
			continue
		}
		v, d := softplus(t + bias)
		value += m / others * v
		s[j] = m / others * d
		if delta < 1 {
			value += (1 - delta) / others * (v - t - bias) // ℓ(−t) = ℓ(t) − t
			s[j] += (1 - delta) / others * (d - 1)
		}
	}
	for _, j := range same {
		if j != i {
			s[j] += positive[j]
		}
	}
	return value, floats.Sum(s)
}

// softplus is log(1 + e^t) and its derivative.
func softplus(t float64) (value, derivative float64) {
	e := math.Exp(-math.Abs(t))
	value, derivative = math.Max(t, 0)+math.Log1p(e), 1/(1+e)
	if t < 0 {
		derivative = e / (1 + e)
	}
	return value, derivative
}

// pull is the size of the gradient that positive pairs make at a start: of ⟨T, AAᵀ⟩, 2TA, T the second moments of pairs of one class.
func (p *problem) pull(x []float64) float64 {
	_, d := p.rows.X.Dims()
	a := mat.NewDense(d, p.r, append([]float64(nil), x[:d*p.r]...))
	var z, pulled mat.Dense
	z.Mul(p.rows.X, a)
	n, _ := z.Dims()
	means := mat.NewDense(n, p.r, nil)
	for _, same := range p.members {
		for _, i := range same {
			for _, j := range same[:min(len(same), 50)] {
				floats.AddScaled(means.RawRowView(i), 1/float64(min(len(same), 50)), z.RawRowView(j))
			}
		}
	}
	pulled.Mul(p.rows.X.T(), means)
	return math.Max(2*mat.Norm(&pulled, 2)/float64(n), math.SmallestNonzeroFloat64)
}
