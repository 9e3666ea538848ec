package theorems

import (
	"fmt"

	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine/planar"
)

// checkPlane compares the InfoNCE loss of cosines at the best matrix with noise that is found with a lower bound of that of all matrices in S_F, a plane.
func checkPlane(c Case) Outcome {
	m, err := planar.Of(c.Pairs)
	if err != nil {
		return undecided(err)
	}
	_, temperature := c.heat()
	inside, err := m.Inside(temperature)
	if err != nil {
		return undecided(err)
	}
	noisy, err := m.Best(inside, temperature)
	if err != nil {
		return undecided(err)
	}
	found, err := m.Judge(temperature, noisy)
	if err != nil {
		return undecided(err)
	}
	o := Outcome{Verdict: found.Verdict, Grade: oracle.Bounded,
		Detail: fmt.Sprintf("τ = %.6g: diag(1, %.3g, %.3g), whitened, has a loss of %.6g to ±%.1g, the best found inside S_F %.6g", temperature, noisy.Ratio, noisy.Noise, found.Outside.Value, found.Outside.Error, found.Found)}
	if found.Verdict == oracle.Refuted {
		o.Value = found.Gain()
		o.Detail += fmt.Sprintf(", all at least %.6g, by %d cells of shapes", found.AtLeast, found.Cells)
	}
	return o
}
