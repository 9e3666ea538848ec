package losses

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	judge "contrastcheck/oracle/cosine"
	"contrastcheck/oracle/cosine/planar"
	"contrastcheck/oracle/line"

	"gonum.org/v1/gonum/mat"
)

// bounds are an upper bound of the loss of a representation that sees more than the Fisher subspace and a lower bound of that of all that do not, NaN where there is none; by says how they were found, or why not.
type bounds struct {
	atMost, atLeast float64
	by              string
}

// onLine bounds values where S_F is a line: at A, and where those do not decide, at the noise that a search of its own finds.
func (c Cosine) onLine(p gmm.Pairs, a *mat.Dense) bounds {
	b := bounds{math.NaN(), math.NaN(), "panels halved until ellipses of analyticity bound the integrals over angles"}
	take := func(f judge.Findings) {
		b.atLeast = f.Inside.Lower()
		if f.Noise > 0 {
			b.atMost = f.Outside.Upper()
		}
	}
	f, err := judge.Judge(p, *c.oracle, c.temperature, a)
	if err == nil {
		if take(f); f.Verdict == oracle.Refuted {
			return b
		}
	}
	m, failure := line.Of(p)
	if failure != nil {
		b.by = failure.Error()
		return b
	}
	noise, failure := judge.Best(m, *c.oracle, c.temperature)
	if failure == nil {
		if other, failure := judge.JudgeNoise(m, *c.oracle, c.temperature, noise); failure == nil && (err != nil || other.Verdict == oracle.Refuted) {
			take(other)
			if other.Verdict == oracle.Refuted {
				b.by += fmt.Sprintf("; outside at diag(1, %.3g), whitened, which the search for the best A missed", noise)
			}
			return b
		}
	}
	if err != nil {
		b.by = err.Error()
	}
	return b
}

// onPlane bounds values where S_F is a plane: outside at A, and where that does not decide, at the noise that a search of its own finds.
func (c Cosine) onPlane(p gmm.Pairs, a *mat.Dense) bounds {
	b := bounds{math.NaN(), math.NaN(), ""}
	m, err := planar.Of(p)
	if err != nil {
		b.by = err.Error()
		return b
	}
	take := func(n planar.Noisy) bool {
		f, failure := m.Judge(c.temperature, n)
		if failure != nil {
			err = failure
			return false
		}
		b.atMost, err = f.Outside.Upper(), nil
		if f.Verdict == oracle.Refuted {
			b.atLeast, b.by = f.AtLeast, fmt.Sprintf("trapezoidal rules with bounds on strips; inside by %d cells of all shapes, convexity between", f.Cells)
		}
		return f.Verdict == oracle.Refuted
	}
	if n, failure := m.Read(p, a); failure == nil && n.Noise > 0 && take(n) {
		return b
	}
	from, failure := m.Inside(c.temperature)
	var best planar.Noisy
	if failure == nil {
		best, failure = m.Best(from, c.temperature)
	}
	switch {
	case failure != nil:
		b.by = failure.Error()
	case !take(best) && err != nil:
		b.by = err.Error()
	case b.by != "":
		b.by += fmt.Sprintf("; outside at diag(1, %.3g, %.3g), whitened, which the search for the best A missed", best.Ratio, best.Noise)
	default:
		b.by = "none: inside S_F no bound is known to be above a loss outside; by theorem no minimiser of three columns lies inside a plane, but what noise gains is less than errors, or was not found"
	}
	return b
}
