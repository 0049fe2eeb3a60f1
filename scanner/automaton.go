package scanner

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// An automaton is a graph over word classes: each node is a beginning of some
// phrases, and holds the concepts of the phrases that end there. It is run
// from every token of a text with the tokens' alternative readings.
type automaton struct {
	nodes   []node
	accepts []int32 // concepts, in the ranges that nodes name
	root    []int32 // node by class id; 0 for none
	rootSet uint8   // token classes with a node of their own at the root
	edges   []edge
	wide    []wideEdge // instead of edges, where there are too many nodes or classes for those
}

// An edge leads to a node for a class: the class in the upper half, the node in
// the lower; 0 is an empty slot. The edges of one node are a small hash table of
// their own, so that those of the nodes that are met all the time stay together.
type edge uint32

const edgeHalf = 16

type wideEdge struct{ id, to int32 }

// fits says whether so many classes and nodes can be told in an edge.
func fits(classes, nodes int) bool { return classes <= 1<<edgeHalf && nodes <= 1<<edgeHalf }

type node struct {
	ids               uint64 // bit id&63 for each class that leads on: most that do not are told here
	accept, acceptEnd int32
	edges             int32 // the first of 1<<log slots
	any               int32 // the node that any word leads to; 0 for none
	log               uint8
	kids              bool
	classes           uint8 // token classes that lead on, but for the one of any word
}

// anyID is the class of every word.
var anyID = classIDs["_"]

// A trieBuilder makes the graph. Its nodes are immutable and each exists once,
// so that entries with many alternatives share their endings and never have to
// be written out.
type trieBuilder struct {
	nodes  []buildNode
	intern map[string]int32
	memo   map[[2]int32]int32
	roots  map[int32][]int32 // by class id: the nodes that entries lead to
	key    []byte
}

type buildNode struct {
	accepts []int32
	edges   []buildEdge // by id
}

type buildEdge struct{ id, to int32 }

func newTrieBuilder() *trieBuilder {
	b := &trieBuilder{intern: map[string]int32{}, memo: map[[2]int32]int32{}, roots: map[int32][]int32{}}
	b.node(buildNode{}) // 0: leads nowhere
	return b
}

// node returns the one node of that content.
func (b *trieBuilder) node(n buildNode) int32 {
	k := b.key[:0]
	k = binary.AppendUvarint(k, uint64(len(n.accepts)))
	for _, a := range n.accepts {
		k = binary.AppendUvarint(k, uint64(a))
	}
	for _, e := range n.edges {
		k = binary.AppendUvarint(k, uint64(e.id))
		k = binary.AppendUvarint(k, uint64(e.to))
	}
	b.key = k
	if i, ok := b.intern[string(k)]; ok {
		return i
	}
	i := int32(len(b.nodes))
	b.intern[string(k)] = i
	b.nodes = append(b.nodes, n)
	return i
}

func (b *trieBuilder) leaf(concept int32) int32 { return b.node(buildNode{accepts: []int32{concept}}) }

func (b *trieBuilder) edge(id, to int32) int32 {
	return b.node(buildNode{edges: []buildEdge{{id, to}}})
}

// union returns the node that accepts what either does.
func (b *trieBuilder) union(x, y int32) int32 {
	switch {
	case x == y || y == 0:
		return x
	case x == 0:
		return y
	case x > y:
		x, y = y, x
	}
	if i, ok := b.memo[[2]int32{x, y}]; ok {
		return i
	}
	p, q := b.nodes[x], b.nodes[y]
	n := buildNode{accepts: slices.Concat(p.accepts, q.accepts)}
	slices.Sort(n.accepts)
	n.accepts = slices.Compact(n.accepts)
	n.edges = make([]buildEdge, 0, len(p.edges)+len(q.edges))
	i, j := 0, 0
	for i < len(p.edges) || j < len(q.edges) {
		switch {
		case j == len(q.edges) || i < len(p.edges) && p.edges[i].id < q.edges[j].id:
			n.edges = append(n.edges, p.edges[i])
			i++
		case i == len(p.edges) || q.edges[j].id < p.edges[i].id:
			n.edges = append(n.edges, q.edges[j])
			j++
		default:
			n.edges = append(n.edges, buildEdge{p.edges[i].id, b.union(p.edges[i].to, q.edges[j].to)})
			i, j = i+1, j+1
		}
	}
	at := b.node(n)
	b.memo[[2]int32{x, y}] = at
	return at
}

// withoutLeadingGap passes over gaps at the beginning: they would make every
// word of a text begin a phrase and change nothing about what is found.
func (b *trieBuilder) withoutLeadingGap(n int32) int32 {
	for {
		edges := b.nodes[n].edges
		if len(edges) == 0 || edges[0].id != anyID {
			return n
		}
		rest := b.node(buildNode{accepts: b.nodes[n].accepts, edges: edges[1:]})
		n = b.union(rest, edges[0].to)
	}
}

// addRoot files the beginning of an entry.
func (b *trieBuilder) addRoot(n int32) {
	for _, e := range b.nodes[n].edges {
		b.roots[e.id] = append(b.roots[e.id], e.to)
	}
}

// unionAll joins nodes pairwise, so that big ones are copied seldom.
func (b *trieBuilder) unionAll(list []int32) int32 {
	slices.Sort(list)
	list = slices.Compact(list)
	for len(list) > 1 {
		half := list[:0:0]
		for i := 0; i < len(list); i += 2 {
			if i+1 < len(list) {
				half = append(half, b.union(list[i], list[i+1]))
			} else {
				half = append(half, list[i])
			}
		}
		list = half
	}
	return list[0]
}

// build lays the graph out flat. closure gives for a concept all concepts that
// a hit of it counts for.
func (b *trieBuilder) build(numIDs int32, closure func(int32) []int32) *automaton {
	l := &layout{b: b, a: &automaton{nodes: make([]node, 1), root: make([]int32, numIDs+1)}, at: map[int32]int32{}, closure: closure}
	ids := make([]int32, 0, len(b.roots))
	for id := range b.roots {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		l.a.root[id] = l.place(b.unionAll(b.roots[id]))
		if id <= numClasses {
			l.a.rootSet |= 1 << (id - 1)
		}
	}
	l.a.narrow()
	return l.a
}

type layout struct {
	b       *trieBuilder
	a       *automaton
	at      map[int32]int32 // built node: its place
	closure func(int32) []int32
}

// place lays out a node and all that it leads to.
func (l *layout) place(n int32) int32 {
	if i, ok := l.at[n]; ok {
		return i
	}
	i := int32(len(l.a.nodes))
	l.at[n] = i
	src := l.b.nodes[n]
	var all []int32
	for _, c := range src.accepts {
		all = append(all, l.closure(c)...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	x := node{accept: int32(len(l.a.accepts))}
	l.a.accepts = append(l.a.accepts, all...)
	x.acceptEnd = int32(len(l.a.accepts))
	l.a.nodes = append(l.a.nodes, x)
	var edges []wideEdge
	for _, e := range src.edges {
		edges = append(edges, wideEdge{e.id, l.place(e.to)})
	}
	l.a.connect(i, edges)
	return i
}

// connect gives a node its edges, wide ones.
func (a *automaton) connect(at int32, edges []wideEdge) {
	if len(edges) == 0 {
		return
	}
	n := &a.nodes[at]
	n.kids, n.edges = true, int32(len(a.wide))
	if k := len(edges); k > 1 {
		n.log = uint8(bits.Len(uint(k + k/4 - 1)))
	}
	table := 1 << n.log
	a.wide = append(a.wide, make([]wideEdge, table)...)
	slots := a.wide[n.edges:]
	for _, e := range edges {
		i := n.slot(e.id)
		for slots[i].id != 0 {
			i = (i + 1) & uint32(table-1)
		}
		slots[i] = e
	}
	n.lead(a)
}

// slots are those of a node's edges, narrow or wide ones.
func (a *automaton) slots(n *node) ([]edge, []wideEdge) {
	switch {
	case !n.kids:
		return nil, nil
	case a.wide != nil:
		return nil, a.wide[n.edges:][:1<<n.log]
	}
	return a.edges[n.edges:][:1<<n.log], nil
}

// narrow makes edges of wide ones, where they fit.
func (a *automaton) narrow() {
	if !fits(len(a.root), len(a.nodes)) {
		return
	}
	a.edges = make([]edge, len(a.wide))
	for i, e := range a.wide {
		a.edges[i] = narrowed(e)
	}
	a.wide = nil
}

func narrowed(e wideEdge) edge { return edge(e.id)<<edgeHalf | edge(e.to) }

// lead notes which edges lead on from the node.
func (n *node) lead(a *automaton) {
	narrow, wide := a.slots(n)
	for _, e := range narrow {
		if e != 0 {
			n.leads(int32(e>>edgeHalf), int32(e&(1<<edgeHalf-1)))
		}
	}
	for _, e := range wide {
		if e.id != 0 {
			n.leads(e.id, e.to)
		}
	}
}

func (n *node) leads(id, to int32) {
	n.ids |= 1 << (id & 63)
	if id > numClasses {
		return
	}
	if id == anyID {
		n.any = to
		return
	}
	n.classes |= 1 << (id - 1)
}

// startLog is how many bits of a number the logarithm of the slots takes, beside
// the place of the first.
const startLog = 5

// appendStart appends what lexicon.link writes for a node that phrases begin at.
func (a *automaton) appendStart(list []int32, at int32) []int32 {
	if at == 0 {
		return list
	}
	n := &a.nodes[at]
	list = append(list, a.accepts[n.accept:n.acceptEnd]...)
	if n.kids {
		list = append(list, ^at, int32(uint32(n.ids)), int32(uint32(n.ids>>32)), n.edges<<startLog|int32(n.log))
	}
	return list
}

// slot is where among its node's edges the one for a class is looked for first.
func (n *node) slot(id int32) uint32 { return slotOf(id, n.log) }

func slotOf(id int32, log uint8) uint32 { return uint32(id) * 0x9E3779B1 >> (32 - log) }

// child returns the node that a class leads to, or 0.
func (a *automaton) child(n *node, id int32) int32 {
	if n.ids&(1<<(id&63)) == 0 {
		return 0
	}
	if a.wide != nil {
		return a.wideChild(n, id)
	}
	table := a.edges[n.edges:][:1<<n.log]
	i := n.slot(id)
	for range table {
		switch e := table[i&uint32(len(table)-1)]; {
		case e>>edgeHalf == edge(id):
			return int32(e & (1<<edgeHalf - 1))
		case e == 0:
			return 0
		}
		i++
	}
	return 0
}

func (a *automaton) wideChild(n *node, id int32) int32 {
	table := a.wide[n.edges:][:1<<n.log]
	i := n.slot(id)
	for range table {
		switch e := table[i&uint32(len(table)-1)]; e.id {
		case id:
			return e.to
		case 0:
			return 0
		}
		i++
	}
	return 0
}
