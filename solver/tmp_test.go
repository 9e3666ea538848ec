package solver
import ("testing";"os";"contrastcheck/gmm")
func BenchmarkTmp(b *testing.B){ for _,k:=range []string{"2","3","4"} { f,_:=os.Open("/tmp/b"+k+".json"); x,_:=gmm.ReadJSON("x",f); p:=x.Pairs; p.FisherDimension()
 b.Run(k,func(b *testing.B){var ws Workspace; b.ReportAllocs();for b.Loop(){ ws.Reduced(p,Options{})}}) }
}
