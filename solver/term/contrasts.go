package term

import (
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// contrasts is the softmax p_k(t) = softmax_k(offset_jk + slope_kᵀt) seen from
// each component j, with t ∼ N(0, I_q) in the q directions along which it varies.
type contrasts struct {
	directions *mat.Dense // n×max(q, 1), orthonormal columns; a zero column if q = 0
	slopes     *mat.Dense // max(q, 1)×K
	offsets    *mat.Dense // K×K, row j as seen from component j
	ranges     []float64  // q, max_k slope − min_k slope along each direction
	dropped    float64    // bound of what leaving out the flattest directions changes in p
}

// newContrasts finds the directions in which logits of the given slopes (n×K)
// differ, dropping those in which they differ by less than flat, and all beyond
// K − 1, which rounding made. The result lives in memory, as the slopes and offsets may.
func newContrasts(memory *dense.Arena, slopes, offsets *mat.Dense, flat float64) contrasts {
	n, k := slopes.Dims()
	u, values, vt := dense.Singular(memory, memory.CopyOf(slopes))
	c := contrasts{offsets: offsets, ranges: memory.Floats(len(values))[:0]}
	kept := 0
	for i, value := range values {
		row := vt.RawRowView(i)
		floats.Scale(value, row)
		// Slopes that are large but alike leave the softmax alone, too.
		spread := slices.Max(row) - slices.Min(row)
		if spread <= flat || kept == k-1 {
			c.dropped += spread
			continue
		}
		copy(vt.RawRowView(kept), row)
		for a := range n {
			u.Set(a, kept, u.At(a, i))
		}
		c.ranges = append(c.ranges, spread)
		kept++
	}
	c.directions, c.slopes = memory.Dense(n, max(kept, 1)), memory.Dense(max(kept, 1), k)
	for a := range kept {
		copy(c.slopes.RawRowView(a), vt.RawRowView(a))
		for i := range n {
			c.directions.Set(i, a, u.At(i, a))
		}
	}
	return c
}

// spreads returns twice the standard deviation of the slopes along each direction,
// the components having the given weights, in the given memory.
func (c *contrasts) spreads(memory *dense.Arena, weights []float64) []float64 {
	out := memory.Floats(len(c.ranges))
	for i := range out {
		var mean, square float64
		for k, s := range c.slopes.RawRowView(i) {
			mean += weights[k] * s
			square += weights[k] * s * s
		}
		out[i] = 2 * math.Sqrt(max(0, square-mean*mean))
	}
	return out
}

// copyTo returns a copy in other memory.
func (c *contrasts) copyTo(memory *dense.Arena) contrasts {
	ranges := memory.Floats(len(c.ranges))
	copy(ranges, c.ranges)
	return contrasts{directions: memory.CopyOf(c.directions), slopes: memory.CopyOf(c.slopes), offsets: memory.CopyOf(c.offsets),
		ranges: ranges, dropped: c.dropped}
}

// exponentials writes exp(offset_jk − shift_j), K×K, and the shifts, max_k offset_jk. It fails with descent.ErrSteep where offsets
// are not finite.
func (c *contrasts) exponentials(into, shifts []float64) error {
	k := len(shifts)
	for j := range k {
		row := c.offsets.RawRowView(j)
		shift := slices.Max(row) // NaN, if any offset is
		if math.IsNaN(shift) || math.IsInf(shift, 0) {
			return fmt.Errorf("%w: offsets are not finite", descent.ErrSteep)
		}
		shifts[j] = shift
		for i, o := range row {
			into[j*k+i] = math.Exp(o - shift)
		}
	}
	return nil
}

// largestExponent is max(1, |offset|): an exponent of size z with a relative error
// is off by z times that, and p by as much.
func (c *contrasts) largestExponent() float64 {
	return max(1, floats.Norm(c.offsets.RawMatrix().Data, math.Inf(1)))
}

// narrow states the softmax over the components that are seen under each alone.
// Components that no A_j holds together, however far linked, never meet, so that the slopes
// of each such class are counted from their own middle: e^{slope·t} stays near 1.
func (g *sight) narrow(c contrasts) contrasts {
	if g == nil {
		return c
	}
	c.offsets, c.slopes = mat.DenseCopyOf(c.offsets), mat.DenseCopyOf(c.slopes)
	q, k := c.slopes.Dims()
	class := all(k)
	for j, kept := range g.seen {
		for i := range k {
			if !g.keeps(j, i) {
				c.offsets.Set(j, i, math.Inf(-1))
			} else if from, to := class[i], class[kept[0]]; from != to {
				for n := range class {
					if class[n] == from {
						class[n] = to
					}
				}
			}
		}
	}
	for i := range q {
		row := c.slopes.RawRowView(i)
		for of := range k {
			least, most := math.Inf(1), math.Inf(-1)
			for n, s := range row {
				if class[n] == of {
					least, most = min(least, s), max(most, s)
				}
			}
			for n := range row {
				if class[n] == of {
					row[n] -= (least + most) / 2
				}
			}
		}
	}
	return c
}
