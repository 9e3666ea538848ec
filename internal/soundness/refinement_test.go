package soundness

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/internal/workers"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// findings are those of the oracle on a candidate, as the solve command has it judged.
func findings(p gmm.Pairs, c solver.Candidate) oracle.Findings {
	return oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: c.Free.Form, Constrained: c.Constrained.Form, Claimed: c.Free.DistanceBound})
}

func contradict(a, b oracle.Verdict) bool {
	return a != oracle.Undecided && b != oracle.Undecided && a != b
}

// inParallel runs check for 0 … n−1 on all cores.
func inParallel(n int, check func(i int)) {
	_ = workers.Run(context.Background(), runtime.GOMAXPROCS(0), n, func(i int, _ func(func()) bool) { check(i) }) // which never ends early
}

// No verdict contradicts a re-solve with twice the points and a hundredth of
// the tolerance, judged afresh.
func TestVerdictsSurviveRefinement(t *testing.T) {
	cases := enough.Cases(480)
	var mutex sync.Mutex
	var weighted atomic.Int64
	counts := map[string]map[oracle.Verdict]int{}
	inParallel(cases, func(i int) {
		kind := kinds[i%len(kinds)]
		p := kind.draw(rand.New(rand.NewPCG(2, uint64(i))))
		verdict := func(o solver.Options) (oracle.Findings, solver.Candidate) {
			c, err := solver.Minimise(solver.InfoNCE, p, o)
			if err != nil {
				t.Errorf("case %d, %s: %v\n%#v", i, kind.name, err, p)
				return oracle.Findings{}, c
			}
			return findings(p, c), c
		}
		first, candidate := verdict(solver.Options{})
		again, fine := verdict(solver.Options{Tolerance: 1e-12, Oversampling: 2})
		if contradict(first.Equality(), again.Equality()) {
			t.Errorf("case %d, %s: %v, then %v\n%#v", i, kind.name, first.Equality(), again.Equality(), p)
		}
		if first.Evidence.Weighted {
			weighted.Add(1)
		}
		rank := fine.Constrained.Rank
		if first.Equality() == oracle.Holds && rank < p.Left.FisherDimension() && fine.Constrained.DistanceBound < first.Margin() {
			t.Errorf("case %d, %s: equality holds by %g, but the fine minimiser has rank %d\n%#v", i, kind.name, first.Margin(), rank, p)
		}
		if b := candidate.Constrained.DistanceBound; !(b < 1e-2) {
			t.Logf("case %d, %s: the minimiser's bound is %g", i, kind.name, b)
		}
		mutex.Lock()
		defer mutex.Unlock()
		if counts[kind.name] == nil {
			counts[kind.name] = map[oracle.Verdict]int{}
		}
		counts[kind.name][first.Equality()]++
	})
	total := map[oracle.Verdict]int{}
	for _, kind := range kinds {
		c := counts[kind.name]
		t.Logf("%-16s holds %4d  refuted %4d  undecided %4d", kind.name, c[oracle.Holds], c[oracle.Refuted], c[oracle.Undecided])
		for v, n := range c {
			total[v] += n
		}
	}
	t.Logf("%-16s holds %4d  refuted %4d  undecided %4d", "all", total[oracle.Holds], total[oracle.Refuted], total[oracle.Undecided])
	t.Logf("%d verdicts needed the weighted certificate", weighted.Load())
	if total[oracle.Holds] < cases/4 || total[oracle.Refuted] < cases/20 {
		t.Errorf("too few decided cases to mean anything: %v", total)
	}
}

// A loose tolerance costs bounds and verdicts, never a verdict's truth.
func TestLooseToleranceOnlyDecidesLess(t *testing.T) {
	const loose = 1e-3
	cases := enough.Cases(480)
	var fewer, more, larger atomic.Int64
	inParallel(cases, func(i int) {
		kind := kinds[i%len(kinds)]
		p := kind.draw(rand.New(rand.NewPCG(2, uint64(i))))
		verdict := func(o solver.Options) (oracle.Verdict, float64) {
			c, err := solver.Minimise(solver.InfoNCE, p, o)
			if err != nil {
				t.Errorf("case %d, %s: %v\n%#v", i, kind.name, err, p)
				return oracle.Undecided, math.Inf(1)
			}
			f := findings(p, c)
			return f.Equality(), c.Free.DistanceBound
		}
		fine, fineBound := verdict(solver.Options{})
		coarse, coarseBound := verdict(solver.Options{Tolerance: loose})
		switch {
		case fine != oracle.Undecided && coarse == oracle.Undecided:
			fewer.Add(1)
		case fine == oracle.Undecided && coarse != oracle.Undecided:
			more.Add(1)
		case fine != coarse:
			t.Errorf("case %d, %s: %v, but %v at tolerance %g\n%#v", i, kind.name, fine, coarse, loose, p)
		}
		if coarseBound >= fineBound {
			larger.Add(1)
		}
	})
	t.Logf("at tolerance %g: %d of %d verdicts lost, %d gained, %d bounds larger", loose, fewer.Load(), cases, more.Load(), larger.Load())
	if fewer.Load() <= more.Load() || larger.Load() < int64(cases)*19/20 {
		t.Errorf("a loose tolerance lost %d verdicts and gained %d; %d of %d bounds grew", fewer.Load(), more.Load(), larger.Load(), cases)
	}
}
