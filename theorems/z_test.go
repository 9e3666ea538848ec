package theorems
import ("testing";"fmt";"time")
func TestZ(t *testing.T) {
	for _, c := range []Claim{cosineSlope} {
		start := time.Now()
		for seed := range 25 {
			k := c.Draw.Example(seed)
			o := c.Check(k)
			fmt.Println(c.ID, o, o.Value)
		}
		fmt.Println(time.Since(start))
	}
}
