package frullani

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// conditional evaluates, given an anchor, q, r and, for D², the mean of the covariance of the points under the softmax,
//
//	S = Σ_k ∫ A_k [P′_k d_kd_kᵀ + ½P″_k(d_k vᵀ + v d_kᵀ) + ¼P‴_k vvᵀ] dτ + 2r I
//	    − ∫ [Nφ^{N−1}(ΨΨ₀ᵀ + Ψ₀Ψᵀ) + N(N − 1)φ₀φ^{N−2}ΨΨᵀ] dτ,   v = 2Mx, Ψ = Σ w_k(P_k d_k + ½P′_k v), Ψ₀ with π_k in the place of w_k.
type conditional struct {
	law      Law
	points   points
	partners []float64
	heights  heights
	deviates *deviates
	order    int     // of derivatives
	low      float64 // η at the first τ
	high     float64 // F at the last

	shift  []float64    // a_k
	kernel [][]float64  // K, the weights of ξ, once a node
	start  []int        // of them, in steps of the table
	block  [][]float64  // K, blockSize times the functions
	shares []float64    // q
	slope  float64      // r
	bend   *mat.Dense   // S
	pull   []float64    // v
	psi    [2][]float64 // Ψ, Ψ₀
	work   float64      // that was spent, in the units of a plan's
	found  struct {
		lost, top, length, // below, F above, Λ
		rho, deviation float64
		terms int // of nested sums
	}
}

// blockSize is how many τ are taken together.
const blockSize = 64

// perWeight is the work of a weight of ξ, and perRow that of adding it to a function for a block.
const perWeight, perRow = 8, 10

func newConditional(l Law, p points, partners []float64, h heights, d *deviates, order int, low, high float64) *conditional {
	m, k := l.dims()
	c := &conditional{law: l, points: p, partners: partners, heights: h, deviates: d, order: order, low: low, high: high,
		shift: make([]float64, k), kernel: make([][]float64, k), start: make([]int, k), shares: make([]float64, k), bend: mat.NewDense(m, m, nil), pull: make([]float64, m)}
	for range k {
		c.block = append(c.block, make([]float64, blockSize*d.count))
	}
	c.psi = [2][]float64{make([]float64, m), make([]float64, m)}
	return c
}

// at evaluates at x, and what its errors are to be bounded by.
func (c *conditional) at(x []float64) error {
	size, kappa := c.scores(x)
	clear(c.shares)
	c.slope = 0
	c.bend.Zero()
	b := c.found.deviation
	p, rho := c.deviates.rule(b)
	c.found.terms = 3
	if p >= 0 {
		c.weigh(p, b)
		for _, w := range c.kernel {
			c.found.terms = max(c.found.terms, len(w))
			c.work += perWeight * float64(len(w))
		}
	}
	h := c.heights.step
	first := int(math.Ceil((math.Log(c.low) - kappa) / h))
	c.found.lost = h / math.Expm1(h) * math.Exp(kappa+float64(first)*h)
	const blocks = 400
	for n := range blocks {
		from := first + n*blockSize
		if p >= 0 {
			c.convolve(c.deviates.table(p), p, from)
		} else {
			c.direct(from, b)
		}
		for i := range blockSize {
			if top := c.add(i); top <= c.high {
				c.found.top = top
				tau := n*blockSize + i + 1
				c.found.length = float64(tau) * h
				m, k := c.law.dims()
				exponents := float64(c.found.terms) + float64(2*m+8)*(size+c.deviates.reach*c.deviates.reach) + 1200
				c.found.rho = rho + unit*(exponents+float64(tau+k+16))
				return nil
			}
		}
	}
	return fmt.Errorf("%w: scores of deviation %.3g", ErrNodes, b)
}

// unit is the unit roundoff.
const unit = 0x1p-53

// scores sets the means and the deviation of the scores, and returns the size of their terms and κ = log Σ_i E[e^{s_i}|x].
func (c *conditional) scores(x []float64) (size, kappa float64) {
	clear(c.shift)
	var square float64
	sizes := make([]float64, len(c.shift))
	for i, s := range c.law.S {
		u := s * x[i]
		square += u * u
		c.pull[i] = 2 * u
		for k, mu := range c.law.Means.RawRowView(i) {
			c.shift[k] += u * mu
			sizes[k] += math.Abs(u * mu)
		}
	}
	c.found.deviation = math.Sqrt(square)
	largest := floats.Max(c.shift)
	var sum float64
	for k, a := range c.shift {
		sum += c.points.count[k] * math.Exp(a-largest)
	}
	return floats.Max(sizes), largest + math.Log(sum) + square/2
}

// weigh sets the weights of ξ, for tables of a level.
func (c *conditional) weigh(p int, b float64) {
	step := math.Ldexp(c.heights.step, -p)
	for k, a := range c.shift {
		first, last := int(math.Ceil((a-c.deviates.reach*b)/step)), int(math.Floor((a+c.deviates.reach*b)/step))
		w := c.kernel[k][:0]
		for j := first; j <= last; j++ {
			w = append(w, step/b*density((float64(j)*step-a)/b))
		}
		c.kernel[k], c.start[k] = w, first
	}
}

// convolve evaluates the functions for the τ of a block.
func (c *conditional) convolve(t *level, p, from int) {
	count, remainders := c.deviates.count, 1<<p-1
	for k, weights := range c.kernel {
		block := c.block[k]
		clear(block)
		var above float64 // the weights of the entries above the table, whose functions are 1 and 0
		for n, w := range weights {
			j := c.start[k] + n
			at := from + j>>p - t.first // of the table's row; below it everything is 0
			if at >= t.size {
				above += floats.Sum(weights[n:])
				break
			}
			begin, end := max(0, -at), min(blockSize, t.size-at)
			if begin >= blockSize {
				continue
			}
			c.work += perRow * float64(count)
			floats.AddScaled(block[begin*count:end*count], w, t.entries[j&remainders][(at+begin)*count:(at+end)*count])
			for i := end; i < blockSize; i++ {
				block[i*count] += w
			}
		}
		for i := range blockSize {
			block[i*count] += above
		}
	}
}

// direct evaluates the functions by the rule of three points.
func (c *conditional) direct(from int, b float64) {
	nodes, weights := [3]float64{-math.Sqrt(3) * b, 0, math.Sqrt(3) * b}, [3]float64{1.0 / 6, 2.0 / 3, 1.0 / 6}
	for k, a := range c.shift {
		for i := range blockSize {
			sums := c.functions(k, i)
			clear(sums)
			for n, x := range nodes {
				all := functionsOf(math.Exp(min(highest, float64(from+i)*c.heights.step+a+x)))
				floats.AddScaled(sums, weights[n], all[:len(sums)])
			}
		}
	}
}

// functions are those of a component for one τ of a block.
func (c *conditional) functions(k, i int) []float64 {
	count := c.deviates.count
	return c.block[k][i*count : (i+1)*count]
}

// add takes up one τ of a block, and returns φ₀φ^N there.
func (c *conditional) add(i int) float64 {
	var missing, missingFirst float64
	for k, w := range c.law.Weights {
		lost := c.functions(k, i)[0]
		missing += w * lost
		missingFirst += c.partners[k] * lost
	}
	n := float64(c.law.Negatives)
	first := math.Max(0, 1-missingFirst)
	power := powerOf(missing, n-1)
	whole := power * math.Max(0, 1-missing)
	h := c.heights.step
	for k, w := range c.law.Weights {
		a := h * (c.partners[k]*whole + n*w*first*power)
		f := c.functions(k, i)
		c.shares[k] += a * f[1]
		c.slope += a * f[2] / 2
		if c.order == 2 {
			c.addBend(a, k, i)
		}
	}
	if c.order == 2 {
		c.addPairs(h*n*power, h*n*(n-1)*first, missing, i)
	}
	return first * whole
}

// powerOf is (1 − x)ⁿ, to a relative error of at most 2·few roundings beside that of exponents.
func powerOf(x, n float64) float64 {
	const few = 256
	if n > few {
		return math.Exp(n * math.Log1p(-min(1, x)))
	}
	power, square := 1.0, 1-min(1, x)
	for rest := int(n); rest > 0; rest /= 2 {
		if rest%2 == 1 {
			power *= square
		}
		square *= square
	}
	return power
}

// addBend adds a[P′ddᵀ + ½P″(dvᵀ + vdᵀ) + ¼P‴vvᵀ].
func (c *conditional) addBend(a float64, k, i int) {
	f := c.functions(k, i)
	one, two, three := a*f[2], a*f[3]/2, a*f[4]/4
	d := c.points.mean[k]
	for r, x := range d {
		row := c.bend.RawRowView(r)
		for s, y := range d {
			row[s] += one*x*y + two*(x*c.pull[s]+c.pull[r]*y) + three*c.pull[r]*c.pull[s]
		}
	}
}

// addPairs takes away what two points do together; mixed is Nφ^{N−1} and like is to be multiplied by φ^{N−2} for N(N − 1)φ₀φ^{N−2}.
func (c *conditional) addPairs(mixed, like, missing float64, i int) {
	clear(c.psi[0])
	clear(c.psi[1])
	for k, d := range c.points.mean {
		f := c.functions(k, i)
		p, half := f[1], f[2]/2
		for r, x := range d {
			y := p*x + half*c.pull[r]
			c.psi[0][r] += c.law.Weights[k] * y
			c.psi[1][r] += c.partners[k] * y
		}
	}
	if like > 0 {
		like *= powerOf(missing, float64(c.law.Negatives)-2)
	}
	for r, x := range c.psi[0] {
		row := c.bend.RawRowView(r)
		for s, y := range c.psi[0] {
			row[s] -= like*x*y + mixed*(x*c.psi[1][s]+c.psi[1][r]*y)
		}
	}
}
