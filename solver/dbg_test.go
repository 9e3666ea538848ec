package solver
import ("testing";"time";"gonum.org/v1/gonum/mat")
func TestDbg(t *testing.T) {
	p := productPairs(t, [][2]float64{{.3, 1.05}, {-.3, .95}, {440, 800}}, []float64{1, 1, 1e-87}, tetrahedron)
	w,_ := p.WhitenFull()
	f,_ := newInfoNCE(p,w)
	f.cores=2
	ws:=new(Workspace)
	ws.prepare()
	start := f.zero()
	for n := range 6 {
		now := time.Now()
		steps, err := newton(infonceDescent{f, ws}, start, 1e-6)
		pt := &ws.here.point
		t.Log(n, "newton", steps, err, pt.norm, pt.err, pt.many.err, time.Since(now)); now = time.Now()
		start = pt.m
		fresh, changed := f.look(&pt.softmaxPoint, f.measure, 1e-6, false)
		t.Log("look", changed, pt.blind, time.Since(now))
		if !changed {break}
		f.sight = fresh
		for f.sight.log = 0; f.sight.log < 4; f.sight.log++ { now=time.Now(); v, e := f.visits(&pt.softmaxPoint, f.measure)
			t.Log(f.sight.log, e, f.measure.norm(f.linear(pt.directions, v)), time.Since(now)) }
		f.sight.log=1
		for _, g := range f.sight.groups { t.Log(g.from, g.members, g.centre) }
		_ = mat.Formatted
	}
	values, _ := eigen(start)
	t.Log(values)
}
