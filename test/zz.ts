import { compileLayer } from '../src/policy/layers.ts';
import { lintLayer } from '../src/policy/lint/lint.ts';
for (const make of [(i:number)=>`^/path/${i}/`, (i:number)=>`^/path/${i}$`, (i:number)=>`a${i}.*b${i}|c${i}`, (i: number)=>`word${i}x`]) {
const rules = Array.from({length:10000},(_,i)=>({pattern: make(i), action: i%2?'allow' as const:'block' as const, reason:'r'}));
const layer = compileLayer({name:'x',source:null,rules,policies:[],hasRules:true,defaultAction:'block',defaultVerdict:null});
const s=performance.now(); const f=lintLayer(layer); console.log(f.length, (performance.now()-s).toFixed(0),'ms');
}
