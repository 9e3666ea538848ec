package theorems

import (
	"testing"
	"time"
)

func try(t *testing.T, c Claim, n int) {
	counts := map[string]int{}
	var worst time.Duration
	start := time.Now()
	for i := range n {
		on := c.Draw.Example(i)
		s := time.Now()
		o := c.Check(on)
		el := time.Since(s)
		if el > worst {
			worst = el
		}
		counts[o.Verdict.String()]++
		if o.Verdict != c.Recorded && counts[o.Verdict.String()] < 6 {
			t.Logf("%d %v %v: %v\n   %#v", i, el, o.Value, o, on)
		}
	}
	t.Log(c.ID, counts, "mean", time.Since(start)/time.Duration(n), "worst", worst)
}

func TestZZStable(t *testing.T) { try(t, containmentStable, 60) }

func TestZZEnvelope(t *testing.T) { try(t, containmentEnvelope, 120) }
