package kernel

import "math"

// completed is the loss of features φ, n×r, with the best function ψ beside them,
//
//	T(x, y) = φ(x)·φ(y) + ψ(y),
//
// what a coordinate κ + ψ(x)/κ adds to the score as κ → ∞. With the best ψ the tilted law Q(x, y) = F(x)F(y) e^{φ(x)·φ(y)} u(x) u(y) has the margins F, so that
//
//	L = −E_F̂ φ·φ̂ − 2E log u,     ∇_φ L = 2(Qφ − F̂φ).
//
// With log v = log u + ½|φ|² the kernel is that of distances, e^{−½|φ(x) − φ(y)|²} ≤ 1.
type completed struct {
	*Grid
	r      int
	kernel []float64 // n×n
	logs   []float64 // log v, kept as the next start
	scale  []float64 // F v
}

func newCompleted(g *Grid, r int) *completed {
	n := len(g.Weights)
	return &completed{g, r, make([]float64, n*n), make([]float64, n), make([]float64, n)}
}

// Relaxation of the fixed point log v ← log v − ω log(v·(K F v)): its Jacobian is 1 − ω(1 + λ), λ ∈ [0, 1] an eigenvalue of Q, so errors shrink to a third. It ends when margins are exact to
// balanced, relative, or after mostRounds.
const (
	relaxation = 2. / 3
	balanced   = 3e-14
	mostRounds = 120
)

// balance finds v for features.
func (c *completed) balance(f []float64) {
	n, r := len(c.Weights), c.r
	for i := range n {
		c.kernel[i*n+i] = 1
		for j := range i {
			square := 0.0
			for a := range r {
				d := f[i*r+a] - f[j*r+a]
				square += d * d
			}
			k := math.Exp(-square / 2)
			c.kernel[i*n+j], c.kernel[j*n+i] = k, k
		}
	}
	for range mostRounds {
		for i, w := range c.Weights {
			c.scale[i] = w * math.Exp(c.logs[i])
		}
		off := 0.0
		for i := range n {
			row, sum := c.kernel[i*n:(i+1)*n], 0.0
			for j, k := range row {
				sum += k * c.scale[j]
			}
			residual := c.logs[i] + math.Log(sum)
			off = max(off, math.Abs(residual))
			c.logs[i] -= relaxation * residual
		}
		if off < balanced {
			break
		}
	}
	for i, w := range c.Weights {
		c.scale[i] = w * math.Exp(c.logs[i])
	}
}

// at is the loss and its gradient with respect to the features, of features that are balanced.
func (c *completed) at(f []float64) (value float64, gradient []float64) {
	n, r := len(c.Weights), c.r
	c.balance(f)
	partners, _ := c.partners(f, r)
	gradient = make([]float64, len(f))
	for i, w := range c.Weights {
		value -= 2 * w * c.logs[i]
		for a := range r {
			value += w * f[i*r+a] * (f[i*r+a] - partners[i*r+a])
		}
		row, out := c.kernel[i*n:(i+1)*n], gradient[i*r:(i+1)*r]
		for j, k := range row {
			q := k * c.scale[j]
			for a := range r {
				out[a] += q * f[j*r+a]
			}
		}
		for a := range r {
			out[a] = 2 * (c.scale[i]*out[a] - w*partners[i*r+a])
		}
	}
	return value, gradient
}

// divergence is KL(Q ‖ F⊗F) of the tilted law at features that are balanced.
func (c *completed) divergence(f []float64) (value float64) {
	n, r := len(c.Weights), c.r
	for i := range n {
		for j := range n {
			q := c.scale[i] * c.scale[j] * c.kernel[i*n+j]
			if q == 0 {
				continue
			}
			square := 0.0
			for a := range r {
				d := f[i*r+a] - f[j*r+a]
				square += d * d
			}
			value += q * (c.logs[i] + c.logs[j] - square/2)
		}
	}
	return value
}
