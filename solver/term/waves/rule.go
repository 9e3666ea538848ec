package waves

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/integrate/quad"
)

// Rule is one for integrals over θ = c + iω, ω ≥ 0:
//
//	σ(u)   = ½ {c = 0} + ∫_0^∞ Re(e^{θu}/sin πθ) dω
//	σ′(u)  = ∫_0^∞ Re(θ e^{θu}/sin πθ) dω
//	log(1 + e^u) = ∫_0^∞ Re(e^{θu}/(θ sin πθ)) dω {c > 0},   ½u + log 2 + ∫_0^∞ (1 − cos ωu)/(ω sinh πω) dω {c = 0},
//
// Mellin's inversion of e^{−θu}-weighted σ for 0 < c < 1, and the principal value with half of the residue at θ = 0 for c = 0. It is cut off where e^{−πω} is below rounding.
type Rule struct {
	Shift float64 // c
	Nodes []Node
}

// Node is θ with the weight of its integrand, by 1/sin πθ, which it holds.
type Node struct{ Theta, Weight complex128 }

// Points is the number of nodes of a panel.
const Points = 16

// lastFrequency is where e^{−πω} is far below rounding.
const lastFrequency = 12.75

// NewRule is the composite Gauss–Legendre rule of so many panels on the line of a c in [0, 1).
func NewRule(panels int, c float64) Rule {
	nodes, weights := make([]float64, Points), make([]float64, Points)
	out := Rule{Shift: c}
	for p := range panels {
		quad.Legendre{}.FixedLocations(nodes, weights, lastFrequency*float64(p)/float64(panels), lastFrequency*float64(p+1)/float64(panels))
		for n, omega := range nodes {
			theta := complex(c, omega)
			node := Node{theta, complex(weights[n], 0) / cmplx.Sin(math.Pi*theta)}
			if c == 0 {
				node.Weight = complex(0, -weights[n]/math.Sinh(math.Pi*omega))
			}
			out.Nodes = append(out.Nodes, node)
		}
	}
	return out
}

// Panels are the numbers of panels to try for scores of a rate: each half as many again as the last. A function e^{iωt} turns as
// fast as |t| is large: for |t| at most a rate R, a panel of length 16/R has less than three turns, which its 16 points resolve to many digits, as they do
// the poles of a score that is spread about 0. Rules that are coarser than that can agree on what is wrong, where e^{iωt} has decayed at every node of both.
// There are none where the rate is too large.
func Panels(rate float64) []int {
	const resolved, most = 16, 1 << 11
	var out []int
	for n := math.Max(2, math.Ceil(lastFrequency*rate/resolved)); n <= most; n = math.Ceil(1.5 * n) {
		out = append(out, int(n))
	}
	if len(out) < 2 {
		return nil
	}
	return out
}
