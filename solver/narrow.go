package solver

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// narrow states the softmax over the components that are seen under each alone.
// Components that no A_j holds together, however far linked, never meet, so that the slopes
// of each such class are counted from their own middle: e^{slope·t} stays near 1.
func (g *sight) narrow(c contrasts) contrasts {
	if g == nil {
		return c
	}
	c.offsets, c.slopes = mat.DenseCopyOf(c.offsets), mat.DenseCopyOf(c.slopes)
	q, k := c.slopes.Dims()
	class := make([]int, k)
	for i := range class {
		class[i] = i
	}
	for j, row := range g.seen {
		kept := indices(row)
		for i, ok := range row {
			if !ok {
				c.offsets.Set(j, i, math.Inf(-1))
				continue
			}
			if from, to := class[i], class[kept[0]]; from != to {
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
