package reports

import "strings"

// Effort is how much work goes into a report.
type Effort struct {
	Name string
	// Cases is the number of random cases a claim, Seeds that of a comparison's seeds,
	// Samples that of its training samples, and of its test samples, where it draws them.
	Cases, Seeds, Samples int
	// Grid is the number of values along each axis of a map, Curve that along δ.
	Grid, Curve int
	// Doublings is the number of times that the number of negatives, 1 at first, is doubled.
	Doublings int
	// Mixtures is the number of mixtures of which every loss is asked what it keeps.
	Mixtures int
	// Seconds is what cases of one claim may take, roughly, of one core: dear ones are fewer. 0 stands for any time.
	Seconds float64
}

// The efforts: Quick takes two minutes at most, Full many.
var (
	Quick = Effort{"quick", 40, 3, 200, 15, 21, 8, 5, 0.8}
	Full  = Effort{"full", 1000, 20, 400, 40, 101, 10, 5, 0}
)

// seconds is what a case takes of a core, of claims that take more than Quick allows: measured by verify ID --cases 12, rounded up. Beginning with a hyphen, of all that end so.
var seconds = map[string]float64{
	"-definition": 0.09, "clip-definition": 0.2, "containment-stable": 0.05, "containment-group": 0.1,
	"network-freezing": 0.1, "network-spectral": 0.1, "hinge-containment": 0.25, "distance-debiased": 0.07, "distance-own": 0.08, "negatives-convexity": 0.05,
}

// casesOf is the number of cases of a claim, a few at least; 0 for Cases.
func (e Effort) casesOf(id string) int {
	const few = 3
	s, dear := seconds[id]
	if i := strings.LastIndex(id, "-"); !dear && i >= 0 {
		s, dear = seconds[id[i:]]
	}
	if !dear || e.Seconds == 0 {
		return 0
	}
	return min(e.Cases, max(few, int(e.Seconds/s)))
}
