package oracle

// must panics where pairs are of a model that a judgement has no theory of, so that none is given: who asks for
// it knows what the pairs are.
func must(err error) {
	if err != nil {
		panic("oracle: " + err.Error())
	}
}
