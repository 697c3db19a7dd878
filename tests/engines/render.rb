# Renders pages with Ruby's ERB, as Rails and others call it; see render.py for what it reads and prints.

require 'erb'
require 'json'

# What a page's code sees: its data as methods, and other pages as parts.
class Page
  def initialize(folder, data)
    @folder = folder
    data.each { |name, value| define_singleton_method(name) { value } }
  end

  def render(name)
    code = ERB.new(File.read(File.join(@folder, name)), trim_mode: '%-').src
    instance_eval("def self._shown; #{code}\nend")
    _shown { |where = :main| where == :main ? '<main>x</main>' : '<style>a { color: green }</style>' }
  end

  alias part render
end

def render(job)
  { html: Page.new(job['folder'], job['data']).render(job['main']) }
rescue StandardError, ScriptError => e
  { error: "#{e.class}: #{e.message}" }
end

puts JSON.generate(JSON.parse($stdin.read).map { |job| render(job) })
