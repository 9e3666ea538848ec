package theorems

import (
	"fmt"
	"testing"
	"time"

	"contrastcheck/losses"
	"contrastcheck/solver"
)

func TestZZ(t *testing.T) {
	for _, l := range []losses.Loss{losses.Hinge} {
		for i := range 100 {
			c := containment.Draw.Example(i)
			start := time.Now()
			cand, err := solver.Minimise(l.Solver, c.Pairs, solver.Options{Method: solver.Blind, Seed: c.Seed})
			mid := time.Now()
			if err != nil {
				fmt.Println(i, "ERR", err, mid.Sub(start), c.Pairs)
				continue
			}
			_ = cand
			d, _ := decide(l, c.Pairs, losses.Options{Method: solver.Blind, Seed: c.Seed})
			f := d.Findings
			if f.Containment().String() != "holds" || mid.Sub(start) > 200*time.Millisecond {
				fmt.Println(i, f.Containment(), f.Defect(), f.Evidence.Rule, "| solver", cand.Rule, cand.Steps, cand.Free.GradientNorm, cand.Free.DistanceBound, mid.Sub(start), time.Since(mid), c.Pairs)
			}
		}
	}
}
