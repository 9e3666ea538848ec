package campaign_test

import (
	"bytes"
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"contrastcheck/campaign"
	"contrastcheck/frontier"
	"contrastcheck/search"
	"contrastcheck/theorems"
)

// told is a lie about a shard: a change of the honest result of the first shard in which something is found.
type told struct {
	name string
	in   string // what that shard's result has in it
	lie  func(honest string) string
}

// swapped replaces the first match of a pattern.
func swapped(pattern, by string) func(string) string {
	p := regexp.MustCompile(pattern)
	return func(honest string) string {
		at := p.FindStringSubmatchIndex(honest)
		if at == nil {
			return honest
		}
		return honest[:at[0]] + string(p.ExpandString(nil, by, honest, at)) + honest[at[1]:]
	}
}

// lies are those about each kind that are caught whoever looks, without doing all again.
var lies = map[string][]told{
	campaign.KindVerify: {
		{"a claim that holds is refuted", `"claim":"equality-line"`, swapped(`"holds":(\d+),"refuted":0`, `"holds":0,"refuted":$1`)},
		{"a counterexample is invented", `"claim":"equality-line"`, func(honest string) string {
			return swapped(`"holds":2,"refuted":0(.*"grade":\d)`, `"holds":1,"refuted":1$1,"counterexamples":[{"number":0,"outcome":{"verdict":2,"grade":1,"value":-1,"bound":0,"detail":"no"}}]`)(honest)
		}},
		{"a case of another part is a counterexample", `"claim":"convexity"`, swapped(`("grade":\d)`, `$1,"counterexamples":[{"number":19,"outcome":{"verdict":2,"grade":1,"value":-1,"bound":0,"detail":"no"}}]`)},
		{"a refuted claim is not", `"claim":"svd-shared","seed":3,"replays":false`, swapped(`"holds":0,"refuted":1`, `"holds":1,"refuted":0`)},
		{"another case refutes it", `"claim":"equality","seed":3,"replays":false`, swapped(`"number":\d+`, `"number":0`)},
		{"a value is wrong", `"claim":"equality","seed":3,"replays":false`, swapped(`"counterexamples":\[(.*?)"value":-`, `"counterexamples":[$1"value":-1`)},
		{"what is stored does not refute", `"claim":"equality","seed":3,"replays":true`, swapped(`"stored":6,"replayed":6`, `"stored":6,"replayed":5`)},
		{"a certificate is another's", `"claim":"equality","seed":3,"replays":true`, swapped(`"witness":\["-?\d`, `"witness":["7`)},
		{"counts do not add up", `"claim":"convexity"`, swapped(`"cases":\d+`, `"cases":1`)},
		{"cases are left out", `"claim":"convexity"`, swapped(`"cases":2,"holds":2(.*"outcomes":\[\{[^}]*\}),.*`, `"cases":1,"holds":1$1]}`)},
		{"an outcome is flipped", `"claim":"convexity"`, swapped(`"outcomes":\[\{"verdict":1`, `"outcomes":[{"verdict":2`)},
		{"the seed is another", `"claim":"convexity"`, swapped(`"seed":3`, `"seed":4`)},
	},
	campaign.KindSearch: {
		{"a find holds", `"find"`, swapped(`"outcome":\{"verdict":2`, `"outcome":{"verdict":1`)},
		{"a find is another mixture", `"find"`, swapped(`"means":\[\["-?\d+`, `"means":[["1`)},
		{"a find has another δ", `"find"`, swapped(`"delta":"1"`, `"delta":"1/2"`)},
		{"a find has a wrong value", `"find"`, swapped(`"value":-`, `"value":-1`)},
		{"a find is proved", `"find"`, swapped(`"verdict":2,"grade":1`, `"verdict":2,"grade":2`)},
		{"a find is invented", `"find"`, func(honest string) string {
			return swapped(`^(.*"attempts":).*`, `$1`)(honest) + `[{"evaluations":3,"best":0.1,"find":{"case":{"pairs":{"left":{"weights":["1/2","1/2"],"means":[["1","0"],["-1","0"]],` +
				`"covariance":[["1","0"],["0","1"]]},"delta":"1"},"seed":1},"outcome":{"verdict":2,"grade":1,"value":-0.1,"bound":0,"detail":"no"}}}]}`
		}},
		{"a find has no δ", `"find"`, swapped(`,"delta":"1"`, ``)},
		{"a find has no mixture", `"find"`, swapped(`"pairs":\{.*?\},"seed"`, `"pairs":{"left":{"weights":null,"means":null}},"seed"`)},
		{"a find has a representation", `"find"`, swapped(`"seed":(\d+)\},"outcome"`, `"a":[[1,2],[3,4]],"seed":$1},"outcome"`)},
		{"more candidates than a start may score", `"attempts"`, swapped(`"evaluations":\d+`, `"evaluations":100000`)},
		{"a start is left out", `"attempts"`, swapped(`"attempts":\[.*`, `"attempts":[]}`)},
	},
	campaign.KindFrontier: {
		{"a point that holds is refuted", `"verdict":1`, swapped(`"verdict":1`, `"verdict":2`)},
		{"a margin is wrong", `"verdict":2`, swapped(`("verdict":2,"margin":)-?\d`, `${1}-7`)},
		{"a bound is wrong", `"verdict":2`, swapped(`("verdict":2,"margin":[^,]*,"evidence":\{"grade":\d,"epsilon":)`, `${1}1`)},
		{"a point is left out", `"verdict"`, swapped(`,\{"verdict"[^{]*\{[^}]*\}[^}]*\}\]\}$`, `]}`)},
		{"a verdict is none", `"verdict"`, swapped(`"verdict":\d`, `"verdict":3`)},
	},
	campaign.KindRefine: {
		{"the ends change places", `"low"`, swapped(`"verdict":1(.*)"verdict":2`, `"verdict":2$1"verdict":1`)},
		{"both ends are refuted", `"low"`, swapped(`"verdict":1`, `"verdict":2`)},
		{"the bound of what holds is wrong", `"verdict":1`, swapped(`("verdict":1.*?"bound":")`, `${1}9`)},
		{"both ends hold", `"low"`, swapped(`"verdict":2`, `"verdict":1`)},
		{"a bound is wrong", `"bound"`, swapped(`"bound":"-`, `"bound":"-9`)},
		{"an end lies elsewhere", `"low"`, swapped(`"low":\{"at":\["[^"]*"`, `"low":{"at":["1/100"`)},
		{"a proof is of another mixture", `"high"`, swapped(`"high":\{"at":\["4/25"`, `"high":{"at":["3/20"`)},
		{"both ends are refuted", `"low"`, swapped(`"verdict":1`, `"verdict":2`)},
		{"the proof is missing", `"certificate"`, swapped(`("verdict":2.*?),"bound":"[^"]*","certificate":\{.*\}\}(,"high"|\})`, `$1}$2`)},
	},
}

// Lies are caught: flipped verdicts, invented counterexamples, garbage, and results of other shards and of other requests.
func TestLiesAreCaught(t *testing.T) {
	t.Parallel()
	others := map[string]campaign.Request{
		campaign.KindVerify:   campaign.NewVerification(claims, theorems.Options{Cases: few.Cases, Seed: few.Seed + 1}),
		campaign.KindSearch:   campaign.NewSearch(draws, search.Options{Evaluations: many.Evaluations, Seed: many.Seed + 1}),
		campaign.KindRefine:   campaign.NewRefinement(rare, found(rareMap.Brackets()), found(frontier.NewNarrow(big.NewRat(1, 9))), frontier.Options{}),
		campaign.KindFrontier: campaign.NewFrontier(mapping("rare-outlier", campaign.Question{}, "delta=1/20:1:3", "separation=1/2:8:20"), frontier.Options{}),
	}
	for _, r := range requests {
		t.Run(r.Kind, func(t *testing.T) {
			t.Parallel()
			job := opened(t, r)
			honest := make([][]byte, job.Shards())
			for n := range honest {
				honest[n] = found(job.Run(t.Context(), n))
			}
			caught := func(name string, n int, lie []byte) {
				t.Helper()
				if bytes.Equal(lie, honest[n]) {
					t.Fatalf("%s: is no lie of %.600s", name, lie)
				}
				err := job.Check(t.Context(), n, lie)
				var lied *campaign.False
				if !errors.Is(err, campaign.ErrFalse) || !errors.As(err, &lied) || lied.Shard != n || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: %v of %.600s", name, err, lie)
				}
			}
			for _, l := range lies[r.Kind] {
				told := false
				for n, text := range honest {
					if lie := l.lie(string(text)); bytes.Contains(text, []byte(l.in)) && lie != string(text) {
						caught(l.name, n, []byte(lie))
						told = true
						break
					}
				}
				if !told {
					t.Errorf("%s: nobody tells that lie", l.name)
				}
			}
			for _, garbage := range []string{"", "null", "{}", "[]", "0", `"`, "\x00\xff", strings.Repeat("[", 1000), string(honest[0]) + " ", string(honest[0]) + "{}", string(honest[0][:len(honest[0])/2])} {
				caught("garbage", 0, []byte(garbage))
			}
			last := len(honest) - 1
			if last > 0 {
				caught("another shard's result", 0, honest[last])
				caught("another shard's result", last, honest[0])
			}
			if other, there := others[r.Kind]; there {
				caught("another request's result", 0, found(opened(t, other).Run(t.Context(), 0)))
			}
		})
	}
}
