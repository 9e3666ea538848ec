package cli

import (
	"fmt"
	"math"
	"os"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/solver"

	"golang.org/x/term"
)

// fewClasses is the number of components up to which a solve takes no time that people notice.
const fewClasses = 16

// foretell says on a terminal, before a solve of many components begins, how long it will take and what would make it cheaper.
func (c *solveCommand) foretell(s *session, loss losses.Loss, p gmm.Pairs, o losses.Options) {
	f, ok := s.stderr.(*os.File)
	if !ok || s.Quiet || !term.IsTerminal(int(f.Fd())) || p.Components() <= fewClasses || loss.Settings.Loss != losses.InfoNCE.Settings.Loss || o.Method != solver.Reduced {
		return
	}
	fmt.Fprintf(f, "contrastcheck: %s: %s\n", c.source(), foreseen(p.Components(), o.Cores, c.Tolerance == nil))
}

// foreseen says what a solve of so many components takes.
func foreseen(components, cores int, byDefault bool) string {
	cores = max(1, cores)
	text := fmt.Sprintf("%d classes take about %.2g s on %d cores where neighbours are 2 to 3 standard deviations apart, and up to the limit where they are farther; fewer classes take less",
		components, foreseenSeconds(components)/float64(cores), cores)
	if byDefault {
		text += ", and so does --tolerance 1e-3"
	}
	return text
}

// foreseenSeconds is the CPU time that a solve and its verdict take by the InfoNCE loss. Of classes in 128 dimensions whose nearest neighbours are 2.2 to 3.4 standard deviations
// away, equally frequent and up to 100:1, it took 0.2 to 0.4 s for 16, 0.7 to 0.8 s for 32, 8 s for 64 and 24 s for 100: within a factor of 2 of this.
func foreseenSeconds(components int) float64 {
	const reference, exponent = 0.25, 2.4
	return reference * math.Pow(float64(components)/fewClasses, exponent)
}
