package soundness

import (
	"math/rand/v2"
	"sync"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// On every kind of random mixture, however badly conditioned, a blind solve of
// the spectral loss is never judged to leave S_F, and equality, which always
// holds, is never refuted.
func TestSpectralVerdictsAreSound(t *testing.T) {
	cases := enough.Cases(180)
	var mutex sync.Mutex
	equality, containment, exact, errs := map[oracle.Verdict]int{}, map[oracle.Verdict]int{}, 0, 0
	inParallel(cases, func(i int) {
		kind := kinds[i%len(kinds)]
		p := kind.draw(rand.New(rand.NewPCG(4, uint64(i))))
		closed, err := solver.Minimise(solver.Spectral, p, solver.Options{})
		if err != nil {
			mutex.Lock()
			defer mutex.Unlock()
			errs++
			return
		}
		f := oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: closed.Constrained.Form})
		blind, err := solver.Minimise(solver.Spectral, p, solver.Options{Method: solver.Blind, Seed: uint64(i)})
		if err != nil {
			t.Errorf("case %d, %s: blind: %v", i, kind.name, err)
			return
		}
		found := oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: blind.Constrained.Form})
		mutex.Lock()
		defer mutex.Unlock()
		equality[f.Equality()]++
		containment[found.Containment()]++
		if f.Evidence.Exact {
			exact++
		}
		if f.Equality() == oracle.Refuted || found.Equality() == oracle.Refuted || found.Containment() == oracle.Refuted {
			t.Errorf("case %d, %s: equality %v and %v, containment %v\n%#v", i, kind.name, f.Equality(), found.Equality(), found.Containment(), p)
		}
	})
	t.Logf("equality holds in %d of %d, %d of them by an exact rank alone; containment of a blind solve holds in %d, %d errors",
		equality[oracle.Holds], cases, exact, containment[oracle.Holds], errs)
	if equality[oracle.Holds] < cases*19/20 || exact > cases/5 || containment[oracle.Holds] < cases/2 {
		t.Errorf("too few decided cases to mean anything: equality %v, by exact ranks %d, containment %v", equality, exact, containment)
	}
}
